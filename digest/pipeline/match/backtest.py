"""What a topic would have brought, while it is being typed: papers, reasons, volume.

Reads rows and writes none but words that were never counted. The answer is that of
matching itself: the same query, scorer and cut.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digest import matching
from digest.models import Paper, Strictness
from digest.pipeline.match.window import WINDOW_DAYS, Window, current_window
from digest.pipeline.match.wishes import score_of, scorer_of
from digest.pipeline.match.words import paper_text

SHOWN = 30
"""How many papers are explained."""

DAYS_OF_WEEK = 7

Mask = NDArray[np.bool_]


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
class BackTest:
    """What would have come in the last days.

    `papers`: the best ones, explained; `count`: all; `counts`: how many at each
    strictness, as far as a wish makes one; `per_week`: about how many to expect.
    """

    papers: tuple[Tried, ...]
    count: int
    counts: Mapping[Strictness, int]

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
        liked: Papers of which more are wanted.

    Raises:
        QueryError: the query cannot be read; it says where.
    """
    asked = matching.parse_query(query) if query.strip() else None
    window = current_window(now=now)
    allowed = _find(asked, window)
    liked = tuple(liked)
    if not wish.strip() and not liked:
        return _by_query(asked, allowed, window)
    return _by_wish(wish, liked, allowed, window, strictness)


def _find(asked: matching.Query | None, window: Window) -> Mask:
    """Which papers the query holds for."""
    if asked is None:
        return np.ones(len(window.ids), np.bool_)
    found, is_exact = window.keys.find(matching.compile_query(asked))
    if is_exact:
        return found
    places = np.flatnonzero(found).tolist()
    papers = Paper.objects.in_bulk([window.ids[place] for place in places])
    for place in places:
        paper = papers.get(window.ids[place])
        found[place] = paper is not None and asked.root.holds(
            matching.prepare(paper_text(paper))
        )
    return found


def _by_query(asked: matching.Query | None, allowed: Mask, window: Window) -> BackTest:
    """The newest papers that a query alone decides about, best first."""
    places = np.flatnonzero(allowed)
    if asked is None:
        return BackTest((), 0, {})
    papers = Paper.objects.in_bulk([window.ids[p] for p in places[-SHOWN:].tolist()])
    tried = []
    for paper in papers.values():
        hit = matching.match(
            asked, matching.prepare(paper_text(paper)), window.archive.weights
        )
        if hit is not None:
            tried.append(Tried(paper, hit.score, None, hit.evidence))
    tried.sort(key=lambda one: (-one.score, -one.paper.pk))
    return BackTest(tuple(tried), int(places.size), {})


def _by_wish(
    wish: str,
    liked: tuple[Paper, ...],
    allowed: Mask,
    window: Window,
    strictness: Strictness,
) -> BackTest:
    """The papers that a wish would have sent, the surest first."""
    scorer = scorer_of(wish, window.archive.background, liked)
    verdicts = scorer.judge(window.shelf)
    sent = {
        level: allowed & verdicts.wanted(matching.Strictness[level.name])
        for level in Strictness
    }
    places = np.flatnonzero(sent[strictness])
    best = places[np.argsort(-verdicts.margin[places], kind="stable")][:SHOWN].tolist()
    papers = Paper.objects.in_bulk([window.ids[place] for place in best])
    tried = []
    for place in best:
        paper = papers.get(window.ids[place])
        if paper is None:
            continue
        probability = float(verdicts.probability[place])
        pieces = matching.explain(
            scorer, matching.prepare(paper_text(paper)), window.shelf.take([place])
        )
        tried.append(Tried(paper, score_of(probability), probability, pieces))
    counts = {level: int(papers.sum()) for level, papers in sent.items()}
    return BackTest(tuple(tried), int(places.size), counts)
