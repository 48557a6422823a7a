"""Stored queries are compiled anew when the rules change: nobody may forget it."""

import hashlib

from digest.matching import RULES_VERSION, compile_query, parse_query
from tests.digest.matching import make_paper

QUERIES = (
    "networks behaviour analyses pre-training",
    '"score distillation" -gan -"neural radiance fields"',
    "title:diffus* OR abstract:c++",
    'author:"Jane Q. Doe" cat:cs.CV votes:>5',
    'org:"Max Planck" (p53 OR SARS-CoV-2) -$L_2$',
    "alpha-synuclein Schrödinger",
)
PAPER = make_paper(
    "Pre-training networks: the behaviour of $L_2$ and C++",
    "SARS-CoV-2 and \u03b1-synuclein. Schr\\\"odinger's analyses of GPUs.",
    authors=("Doe, Jane Q.", "Müller-Lüdenscheidt, K."),
    categories=("cs.CV", "hep-th"),
    organisation="Max-Planck-Institut",
)
WRITTEN = {1: "5e66856f8696ed40", 2: "ef80e258beffa1ab"}
"""Of each version, what its rules made of these. A new version gets a new line."""


def test_what_is_compiled_changes_only_with_the_version() -> None:
    compiled = [compile_query(parse_query(text)) for text in QUERIES]
    text = "\0".join([*compiled, *sorted(PAPER.keys)])
    assert WRITTEN[RULES_VERSION] == hashlib.sha256(text.encode()).hexdigest()[:16]
