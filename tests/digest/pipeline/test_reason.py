"""The words in which every kind of evidence is said."""

from dataclasses import asdict
from typing import get_args

import pytest

from digest.matching import Evidence
from digest.matching.evidence import EvidenceField
from digest.pipeline.render import reason


def say(piece: Evidence) -> str:
    return reason.as_text([asdict(piece)])


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (
            Evidence("similar", "One", "liked"),
            "close to *One*, which you liked",
        ),
        (
            Evidence("similar", "$x_2$", "saved"),
            "close to *x₂*, which you saved",
        ),
        (
            Evidence("similar", "One", "more"),
            "close to *One*, which you asked for more like",
        ),
        (
            Evidence("sentence", "We fold.", "abstract"),
            "close in meaning: “We fold.”",
        ),
        (
            Evidence("sentence", "We fold and", "abstract"),
            "close in meaning: “We fold and …”",
        ),
        (
            Evidence("phrase", "gene map", "title"),
            "*gene map* in the title",
        ),
    ],
)
def test_it_says_what_scored(piece: Evidence, expected: str) -> None:
    assert say(piece) == expected


@pytest.mark.parametrize("field", get_args(EvidenceField))
def test_it_has_words_for_evidence_from_every_field(field: EvidenceField) -> None:
    assert "*3*" in say(Evidence("word", "3", field)) or field == "votes"


def test_as_html_it_quotes_a_sentence_and_escapes_it() -> None:
    piece = Evidence("sentence", "<b>We</b> fold.", "abstract")
    said = reason.as_html([asdict(piece)])
    assert said == "close in meaning: “&lt;b&gt;We&lt;/b&gt; fold.”"
