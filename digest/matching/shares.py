"""How much a person's marks count beside the words of the topic.

Promise: a fixed share of the number of marks while they are few; from eight on, what
would have put each liked paper highest when learned from the others alone.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from digest.matching import standard
from digest.matching.background import Background
from digest.matching.bags import Floats
from digest.matching.shelf import Shelf
from digest.matching.taste import Marks, Taste, learn, usual_share

FEWEST_MARKS = 8
_PARTS = 3  # the marks are left out a third at a time
_SHARES = (0.5, 0.9)
_CAUTION = 0.3  # how far better another share must be than the usual, in ln(rank)


def choose_share(
    marks: Marks, background: Background, score_wish: Callable[[Shelf], Floats]
) -> float:
    """Return the share of the taste, 0 to 1.

    score_wish: the standard scores of papers by the words of the topic.
    """
    usual = usual_share(marks.count)
    if marks.count < FEWEST_MARKS:
        return usual
    shares = (*_SHARES, usual)
    totals = np.zeros(len(shares))
    wish_recent = score_wish(background.recent)
    for part in range(_PARTS):
        left_out, kept = _split(marks, part)
        wish = np.concatenate([wish_recent, score_wish(left_out)])
        liking = _score(learn(kept, background), left_out, background)
        totals += [
            _log_ranks((1 - share) * wish + share * liking, left_out.size)
            for share in shares
        ]
    best = int(np.argmin(totals))
    gain = (totals[-1] - totals[best]) / marks.count
    return shares[best] if gain > _CAUTION else usual


def _split(marks: Marks, part: int) -> tuple[Shelf, Marks]:
    """Return every third liked paper, and the marks without them."""
    out = [at for at in range(marks.count) if at % _PARTS == part]
    kept = [at for at in range(marks.count) if at % _PARTS != part]
    return marks.liked.take(out), Marks(
        marks.liked.take(kept), marks.disliked, marks.muted
    )


def _score(taste: Taste, left_out: Shelf, background: Background) -> Floats:
    """Return the standard scores of the recent papers, then of those left out."""
    recent, others = (
        taste.score(shelf, background.frequencies)
        for shelf in (background.recent, left_out)
    )
    measured = standard.measure_taste(recent)
    return np.concatenate([measured.apply(one).joined for one in (recent, others)])


def _log_ranks(scores: Floats, wanted: int) -> float:
    """Return the sum of ln(1 + papers above) over the last `wanted` papers."""
    others = np.sort(scores[:-wanted])
    above = others.size - np.searchsorted(others, scores[-wanted:], side="left")
    return float(np.log1p(above).sum())
