"""What a topic would have brought, while it is being typed: papers, reasons, volume.

Reads rows and writes none but words that were never counted. The answer is that of
matching itself: the same query, scorer and cut.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain
from typing import Any

import numpy as np

from digest import matching
from digest.models import Paper, Strictness
from digest.pipeline.match.judging import Mask, Places, find_held, judge_wish
from digest.pipeline.match.window import WINDOW_DAYS, Window, current_window
from digest.pipeline.match.wishes import score_of, shelve_examples
from digest.pipeline.match.words import paper_text

SHOWN = 30
"""How many papers are explained."""

SHOWN_CHANGED = 5
"""How many papers are named that another strictness would add or take away."""

MOST_ASKED = 75
"""How many papers are asked a query that their keys do not decide."""

DAYS_OF_WEEK = 7


@dataclass(frozen=True, slots=True)
class Tried:
    """One paper that the topic would have brought."""

    paper: Paper
    score: float
    probability: float | None
    evidence: tuple[matching.Evidence, ...]

    @property
    def evidence_rows(self) -> list[dict[str, Any]]:
        """The evidence as a match keeps it."""
        return [asdict(piece) for piece in self.evidence]


@dataclass(frozen=True, slots=True)
class Change:
    """What the next strictness adds or takes away: how many, and the surest of them."""

    strictness: Strictness
    count: int
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class BackTest:
    """What would have come in the last days.

    `papers`: the best ones, explained; `count`: all; `counts`: how many at each
    strictness, as far as a wish makes one; `per_week`: about how many to expect.
    `is_estimate`: the numbers are drawn from a part of the papers. `gained` and `lost`:
    by the next looser and the next stricter setting, where there is one.
    """

    papers: tuple[Tried, ...]
    count: int
    counts: Mapping[Strictness, int]
    is_estimate: bool = False
    gained: Change | None = None
    lost: Change | None = None

    @property
    def per_week(self) -> float:
        """Papers a week, from those of the window."""
        return per_week(self.count)


def per_week(count: int) -> float:
    """Papers a week, from those of the window."""
    return count * DAYS_OF_WEEK / WINDOW_DAYS


def back_test(
    query: str,
    wish: str,
    *,
    now: datetime,
    strictness: Strictness = Strictness.USUAL,
    liked: Iterable[Paper] = (),
) -> BackTest:
    """Try a topic on the papers of the last days.

    Args:
        query: What must hold; may be empty where there is a wish or a liked paper.
        wish: What is wanted in plain words, a wording a line.
        now: The end of the window.
        strictness: How sure matching must be.
        liked: Papers of which more are wanted: examples, which do not come themselves.

    Raises:
        QueryError: the query cannot be read; it says where.
    """
    asked = matching.parse_query(query) if query.strip() else None
    window = current_window(now=now)
    liked = tuple(liked)
    if not wish.strip() and not liked:
        return _by_query(asked, window)
    return _by_wish(asked, wish, liked, window, strictness)


def _by_query(asked: matching.Query | None, window: Window) -> BackTest:
    """The newest papers that a query alone decides about, best first."""
    if asked is None:
        return BackTest((), 0, {})
    newest_first = np.arange(len(window.ids))[::-1]
    held = find_held(asked, window, newest_first, MOST_ASKED)
    newest = np.flatnonzero(held.surely)[-SHOWN:].tolist()
    papers = Paper.objects.in_bulk([window.ids[place] for place in newest])
    tried = []
    for paper in papers.values():
        hit = matching.match(
            asked, matching.prepare(paper_text(paper)), window.archive.weights
        )
        if hit is not None:
            tried.append(Tried(paper, hit.score, None, hit.evidence))
    tried.sort(key=lambda one: (-one.score, -one.paper.pk))
    everything = np.ones(len(window.ids), np.bool_)
    return BackTest(tuple(tried), held.count(everything), {}, held.is_estimate)


def _by_wish(
    asked: matching.Query | None,
    wish: str,
    liked: tuple[Paper, ...],
    window: Window,
    strictness: Strictness,
) -> BackTest:
    """The papers that a wish would have sent, the surest first."""
    judged = judge_wish(asked, wish, liked, window, MOST_ASKED)
    scorer, verdicts, wanted = judged.scorer, judged.verdicts, judged.wanted
    order, held = judged.order, judged.held
    examples = shelve_examples(liked, window.archive.background)
    best = _first(order, wanted[strictness] & held.surely, SHOWN)
    changes = _changes(wanted, strictness)
    named = {
        level: _first(order, papers & held.surely, SHOWN_CHANGED)
        for level, papers in changes.items()
    }
    rows = _read([*best, *chain.from_iterable(named.values())], window)
    tried = []
    for place in filter(rows.__contains__, best):
        probability = float(verdicts.probability[place])
        pieces = matching.explain(
            scorer,
            matching.prepare(paper_text(rows[place])),
            window.shelf.take([place]),
            examples,
        )
        tried.append(Tried(rows[place], score_of(probability), probability, pieces))
    counts = {level: held.count(papers) for level, papers in wanted.items()}
    found = {
        level: Change(
            level,
            held.count(papers),
            tuple(rows[place] for place in named[level] if place in rows),
        )
        for level, papers in changes.items()
    }
    looser, stricter = _beside(strictness)
    return BackTest(
        tuple(tried),
        counts[strictness],
        counts,
        held.is_estimate,
        found[looser] if looser is not None else None,
        found[stricter] if stricter is not None else None,
    )


def _first(order: Places, papers: Mask, most: int) -> list[int]:
    """The places of the first of these papers, in an order."""
    found: list[int] = order[papers[order]][:most].tolist()
    return found


def _read(places: Iterable[int], window: Window) -> dict[int, Paper]:
    """The papers that stand there still, by place."""
    ids = {place: window.ids[place] for place in places}
    papers = Paper.objects.in_bulk(set(ids.values()))
    return {place: papers[pk] for place, pk in ids.items() if pk in papers}


def _beside(chosen: Strictness) -> tuple[Strictness | None, Strictness | None]:
    """The next looser and the next stricter setting."""
    levels = list(Strictness)
    at = levels.index(chosen)
    looser = levels[at - 1] if at else None
    return looser, levels[at + 1] if at + 1 < len(levels) else None


def _changes(
    wanted: Mapping[Strictness, Mask], chosen: Strictness
) -> dict[Strictness, Mask]:
    """What the settings beside the chosen one would add, or take away."""
    return {
        level: np.asarray(wanted[level] ^ wanted[chosen], np.bool_)
        for level in _beside(chosen)
        if level is not None
    }
