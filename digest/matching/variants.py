"""Spelling variants of one English word: plural and singular, British and American.

Promise: cautious. Words of three letters or fewer and short acronyms stay as
they are ("AIDS" is not the plural of "aid"), and no ending is cut that makes
another word ("dynamics" is not "dynamic"). The normal form is for comparing
only and is never shown: it may be no English word.
"""

import re
from functools import lru_cache

_SHORTEST = 4  # letters; below this nothing is changed
_LONGEST_ACRONYM = 5  # longer words in capitals are words that shout
_PLURAL_ACRONYM = re.compile(r"[A-Z0-9]{2,}s")

_IRREGULAR = {
    "analyses": "analysis",
    "apis": "api",
    "avalanches": "avalanche",
    "biases": "bias",
    "caches": "cache",
    "corpora": "corpus",
    "cpus": "cpu",
    "criteria": "criterion",
    "focuses": "focus",
    "gases": "gas",
    "gpus": "gpu",
    "indices": "index",
    "lenses": "lens",
    "matrices": "matrix",
    "maxima": "maximum",
    "mice": "mouse",
    "minima": "minimum",
    "niches": "niche",
    "optima": "optimum",
    "phenomena": "phenomenon",
    "spectra": "spectrum",
    "vertices": "vertex",
    "viruses": "virus",
    "vortices": "vortex",
}
_SINGULAR_IN_S = frozenset(
    {"alias", "atlas", "bias", "canvas", "chaos", "lens", "pancreas"}
    | {"news", "series", "species", "always", "perhaps", "whereas"}
)
_FIELD_OF_STUDY = re.compile(  # physics, dynamics, genomics; but not metrics
    r"(?<!metr)(?<!top)(?<!heurist)(?<!characterist)(?<!log)(?<!crit)(?<!mosa)"
    r"(?<!antibiot)ics$"
)
_PLURALS = (  # the first that fits is applied, once
    (re.compile(r"theses$"), "thesis"),
    (re.compile(r"(?<=..)ies?$"), "y"),  # policies; and movie, to meet movies
    (re.compile(r"(ss|x|ch|sh|zz)es$"), r"\1"),
    (re.compile(r"(?<=...)oes$"), "o"),
    (re.compile(r"(?<=[^sui])s$"), ""),
)
_SPELLINGS = (
    (re.compile(r"(?<=...)is(e|ed|er|ing|ation|able)$"), r"iz\1"),
    (re.compile(r"(?<=al)ys(e|ed|er|ing)$"), r"yz\1"),
    (
        re.compile(r"^(behavi|col|neighb|fav|tum|vap|hum|lab|rum|od|arm|hon|rig)our"),
        r"\1or",
    ),
    (
        re.compile(r"^(mode|labe|signa|trave|channe|cance|tunne)ll(ing|ed|er)$"),
        r"\1l\2",
    ),
    (re.compile(r"^(cent|fib|met|lit|theat)re$"), r"\1er"),
    (re.compile(r"^haem(?=[aoi])"), "hem"),
    (re.compile(r"^(?:oestr)"), "estr"),
)


@lru_cache(maxsize=100_000)
def normalise(word: str) -> str:
    """Return the one form that stands for all variants of a folded word."""
    if len(word) < _SHORTEST or not word.isalpha():
        return word
    return spell(_singular(word))


def spell(word: str) -> str:
    """Return a folded word in American spelling."""
    for pattern, american in _SPELLINGS:
        word = pattern.sub(american, word)
    return word


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _SINGULAR_IN_S or _FIELD_OF_STUDY.search(word):
        return word
    for pattern, ending in _PLURALS:
        changed, count = pattern.subn(ending, word)
        if count:
            return changed
    return word


@lru_cache(maxsize=100_000)
def written_forms(raw: str, folded: str) -> tuple[str, ...]:
    """Return the forms under which a word of a paper is found: one or two."""
    if _PLURAL_ACRONYM.fullmatch(raw):
        return (folded, folded[:-1])
    if len(raw) <= _LONGEST_ACRONYM and raw.isupper():
        return (folded,)
    return asked_forms(folded)


def asked_forms(folded: str) -> tuple[str, ...]:
    """Return the forms any of which a word of a query finds: one or two.

    Capitals in a query carry no meaning, so acronyms are no exception here.
    """
    normal = normalise(folded)
    return (folded,) if normal == folded else (folded, normal)
