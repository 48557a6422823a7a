"""Words for ranking: the exact form, the stem, and whether a word says anything.

Promise: deterministic between processes and machines. Identifiers ("BERT", "C++",
"p53", "GPT-4"), short acronyms and words of other scripts are their own stems; a
word that hyphens tie ("pre-training") is also there written as one.
Stemming: the English stemmer of Snowball (Porter 2), British spelling as American.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import Stemmer

from digest.matching import tokens, variants

_SHORTEST = 4  # letters; shorter words are not stemmed
_LONGEST_ACRONYM = 5  # longer words in capitals are words that shout
_ENGLISH = Stemmer.Stemmer("english")

STOP_WORDS = frozenset(
    """
    a about above after again against all also although am among an and any are as at
    be because been before being below between both but by can cannot could did do does
    doing done down during each either etc few for from further had has have having he
    her here hers him his how however i if in into is it its itself just may me might
    more most much must my no nor not of off on once one only onto or other others our
    ours out over own per rather same shall she should since so some such than that the
    their theirs them themselves then there therefore these they this those through thus
    to too under until up upon us very via was we were what when where whether which
    while who whom whose why will with within without would yet you your
    """.split()  # noqa: SIM905
)


class Word(NamedTuple):
    """One word: how it is written when folded, its stem, and a number for each.

    The numbers are 64-bit hashes: the same everywhere, so that they can be stored.
    """

    form: str
    stem: str
    form_key: int
    stem_key: int

    @property
    def is_content(self) -> bool:
        """Say whether the word tells what a text is about."""
        return self.form not in STOP_WORDS


class Reading(NamedTuple):
    """The words of a text in order, None where a sentence ends; and its compounds."""

    words: list[Word | None]
    compounds: list[Word]


def read(text: str) -> Reading:
    """Return the words of a text, and those that hyphens tie, each written as one."""
    found = tokens.tokenise(text)
    joined = (
        tokens.join(tuple(token.form for token in found[first:after]))
        for first, after in tokens.compounds(found)
    )
    return Reading(
        [word_of(one.raw, one.form) if one.form else None for one in found],
        [word_of(whole, whole) for whole in joined if whole],
    )


@lru_cache(maxsize=200_000)
def word_of(raw: str, form: str) -> Word:
    """Return the word for a token as written and as folded."""
    found = stem(raw, form)
    return Word(form, found, key_of(form), key_of(found))


def stem(raw: str, form: str) -> str:
    """Return what the word has in common with its inflections."""
    is_acronym = raw.isupper() and len(raw) <= _LONGEST_ACRONYM
    if is_acronym or len(form) < _SHORTEST or not (form.isascii() and form.isalpha()):
        return form
    return str(_ENGLISH.stemWord(variants.spell(form)))


def key_of(text: str) -> int:
    """Return a number of 63 bits for a word."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


def pair_key(first: int, second: int) -> int:
    """Return a number of 63 bits for two neighbours, in this order.

    A multiplication by an odd constant spreads the bits (Knuth's hash).
    """
    return (first * 0x9E3779B97F4A7C15 + second * 2 + 1) % (1 << 63)
