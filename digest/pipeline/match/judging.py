"""Which papers of the window a topic that is being typed asks for: exact, or estimated.

Beneath the back-test and the comparison, which show what came of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digest import matching
from digest.models import Paper, Strictness
from digest.pipeline.match.window import Window
from digest.pipeline.match.wishes import scorer_of
from digest.pipeline.match.words import paper_text

_ALMOST = 0.999
"""So likely, at most, does a query hold for a paper that was not asked."""

Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Held:
    """How far the query holds for each paper, shape (n,): 1, 0, or how likely it does.

    Likely is only what was not asked.
    """

    shares: NDArray[np.float64]
    is_estimate: bool

    @property
    def surely(self) -> Mask:
        """The papers that it holds for."""
        return np.asarray(self.shares == 1, np.bool_)

    def count(self, papers: Mask) -> int:
        """How many of some papers it holds for, or about how many."""
        return round(float(self.shares[papers].sum()))


@dataclass(frozen=True, slots=True)
class Judged:
    """What a wish wants of the window, at each strictness, whatever its query says.

    `order`: the places of all that any strictness wants, the surest first. `held`: for
    which of them the query holds.
    """

    scorer: matching.TopicScorer
    verdicts: matching.Verdicts
    wanted: Mapping[Strictness, Mask]
    order: Places
    held: Held


def find_held(
    asked: matching.Query | None, window: Window, order: Places, most_asked: int
) -> Held:
    """For which papers of an order the query holds.

    Where their keys do not tell, so many of the first papers are asked, which takes
    about a millisecond each; the others hold as often as these.
    """
    shares = np.zeros(len(window.ids))
    if asked is None:
        shares[order] = 1
        return Held(shares, is_estimate=False)
    found, is_exact = window.keys.find(matching.compile_query(asked))
    places = order[found[order]]
    if is_exact:
        shares[places] = 1
        return Held(shares, is_estimate=False)
    first, others = places[:most_asked].tolist(), places[most_asked:]
    papers = Paper.objects.in_bulk([window.ids[place] for place in first])
    for place in first:
        paper = papers.get(window.ids[place])
        shares[place] = paper is not None and asked.root.holds(
            matching.prepare(paper_text(paper))
        )
    if others.size:
        shares[others] = min(shares[first].mean(), _ALMOST)
    return Held(shares, is_estimate=bool(others.size))


def judge_wish(
    asked: matching.Query | None,
    wish: str,
    liked: Sequence[Paper],
    window: Window,
    most_asked: int,
) -> Judged:
    """What a wish, with the papers that were liked, would send at each strictness."""
    scorer = scorer_of(wish, window.archive.background, liked)
    verdicts = scorer.judge(window.shelf)
    is_new = ~np.isin(window.ids, [paper.pk for paper in liked])
    wanted = {
        level: verdicts.wanted(matching.Strictness[level.name]) & is_new
        for level in Strictness
    }
    order = np.flatnonzero(np.logical_or.reduce(list(wanted.values())))
    order = order[np.argsort(-verdicts.margin[order], kind="stable")]
    held = find_held(asked, window, order, most_asked)
    return Judged(scorer, verdicts, wanted, order, held)
