"""Papers for the bench: real ones, or made of words that are as rare as real ones.

Their text is in small letters and without hyphens, so that every word has one form
and a full-text search that knows no acronyms and compounds can be asked the same.
(What that leaves out is asked of the property tests.)
"""

import random
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate, count

from digest.bench.ingest import BenchPaper
from digest.matching import PaperText

_SEED = 20260420
_WORDS, _ZIPF = 40_000, 1.0
_TITLE_WORDS, _ABSTRACT_WORDS = 11, 180
_SYLLABLES = [a + b for a in "bdfgklmnprtvz" for b in ("a", "e", "i", "o", "u", "an")]
_NOT_PLAIN = re.compile(r"[^\w\s.,;:()]|_")


def make_texts(number: int) -> Iterator[PaperText]:
    """As many papers, the same ones each time; words follow Zipf's law."""
    chance = random.Random(_SEED)  # noqa: S311  the same each time is the point
    words = [_make_word(place) for place in range(_WORDS)]
    shares = list(accumulate(1 / (rank + 3) ** _ZIPF for rank in range(_WORDS)))
    for key in range(number):
        chosen = chance.choices(
            words, cum_weights=shares, k=_TITLE_WORDS + _ABSTRACT_WORDS
        )
        yield PaperText(
            key, " ".join(chosen[:_TITLE_WORDS]), " ".join(chosen[_TITLE_WORDS:])
        )


def plain_texts(papers: Iterable[BenchPaper]) -> Iterator[PaperText]:
    """Real papers, written plainly."""
    for key, paper in zip(count(), papers, strict=False):
        yield PaperText(key, _plain(paper.title), _plain(paper.abstract), paper.authors)


def _plain(text: str) -> str:
    return _NOT_PLAIN.sub(" ", text.lower())


def _make_word(place: int) -> str:
    syllables = []
    place += len(_SYLLABLES)
    while place:
        place, rest = divmod(place, len(_SYLLABLES))
        syllables.append(_SYLLABLES[rest])
    return "".join(syllables)
