"""Subscriptions for the bench, the same ones each time.

60 % are to 500 popular topics, by Zipf's law with 0.9; the rest are personal: words,
phrases, several words, and these with exclusions, from the words of the papers.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from digest.matching import PaperText
from digest.matching.tokens import tokenise

POPULAR_TOPICS, POPULAR_SHARE, ZIPF = 500, 0.6, 0.9
_SEED = 20260421
_SHORTEST_WORD = 4
_COMMONEST = 0.05
"""A word in more papers than this share tells nothing; nobody asks for it alone."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and phrases that people may ask for: in two papers, not in very many."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]


def read_vocabulary(papers: Iterable[PaperText]) -> Vocabulary:
    """Return the words and the pairs of words of the papers, commonest first."""
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    number = 0
    for paper in papers:
        number += 1
        text = f"{paper.title}\n{paper.abstract}"
        forms = [token.form for token in tokenise(text)]
        words.update(filter(_is_word, set(forms)))
        pairs.update(
            {
                f'"{one} {other}"'
                for one, other in pairwise(forms)
                if _is_word(one) and _is_word(other)
            }
        )
    most = max(2, _COMMONEST * number)
    common = {word for word, papers_with in words.items() if papers_with > most}
    return Vocabulary(
        tuple(word for word in _by_papers(words) if word not in common),
        tuple(
            pair
            for pair in _by_papers(pairs)
            if not common.issuperset(pair.strip('"').split())
        ),
    )


def _by_papers(counts: Counter[str]) -> list[str]:
    """Return what more than one paper has, in an order that is always the same."""
    known = (pair for pair in counts.items() if pair[1] > 1)
    return [term for term, _ in sorted(known, key=lambda pair: (-pair[1], pair[0]))]


def make_subscriptions(vocabulary: Vocabulary, number: int) -> Iterator[str]:
    """Yield the query of each subscription."""
    chance = random.Random(_SEED)  # noqa: S311  the same each time is the point
    half = POPULAR_TOPICS // 2
    popular = [*vocabulary.words[:half], *vocabulary.phrases[:half]]
    chance.shuffle(popular)
    shares = list(accumulate(1 / rank**ZIPF for rank in range(1, len(popular) + 1)))
    for _ in range(number):
        if chance.random() < POPULAR_SHARE:
            yield chance.choices(popular, cum_weights=shares)[0]
        else:
            yield _make_personal(vocabulary, chance)


def _make_personal(vocabulary: Vocabulary, chance: random.Random) -> str:
    word, other, phrase = (
        chance.choice(vocabulary.words),
        chance.choice(vocabulary.words),
        chance.choice(vocabulary.phrases),
    )
    kinds = (word, phrase, f"{word} {other}", f"{phrase} {word}")
    excluding = (f"{word} -{other}", f"{phrase} -{word}", f"{word} -{phrase}")
    return chance.choices((*kinds, *excluding), weights=(15, 25, 15, 5, 20, 12, 8))[0]


def _is_word(form: str) -> bool:
    return len(form) >= _SHORTEST_WORD and form.isascii() and form.isalpha()
