"""What a change of a topic would do: papers gained and lost in the last days, volume.

Writes nothing. Both sides are judged by the same papers, as matching itself would.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from digest import matching
from digest.models import Paper, Strictness
from digest.pipeline.match.backtest import per_week
from digest.pipeline.match.judging import Held, Mask, find_held, judge_wish
from digest.pipeline.match.window import Window, current_window

SHOWN = 20
"""How many papers are named on each side."""

MOST_ASKED = 1500
"""How many papers are asked a query that their keys do not decide; seconds, at most."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a topic asks for; `liked`: the papers given as its examples."""

    query: str
    wish: str
    strictness: Strictness
    liked: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Papers that a change would bring and take away: the newest, and how many.

    `before` and `after`: papers a week at each strictness. `is_estimate`: the numbers
    are drawn from a part of the papers, and papers may be missing.
    """

    gained: tuple[Paper, ...]
    gained_count: int
    lost: tuple[Paper, ...]
    lost_count: int
    before: Mapping[Strictness, float]
    after: Mapping[Strictness, float]
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class _Side:
    """What one asking wants of the window at each strictness, and how surely."""

    wanted: Mapping[Strictness, Mask]
    held: Held

    def volume(self) -> dict[Strictness, float]:
        """Papers a week at each strictness."""
        return {
            level: per_week(self.held.count(mask))
            for level, mask in self.wanted.items()
        }

    def papers(self, level: Strictness) -> Mask:
        """The papers that come for sure."""
        return np.asarray(self.wanted[level] & self.held.surely, np.bool_)


def compare(before: Asking, after: Asking, *, now: datetime) -> Comparison:
    """Compare two ways of asking on the papers of the last days.

    Raises:
        QueryError: a query cannot be read; it says where.
    """
    window = current_window(now=now)
    old, new = (_judge(asking, window) for asking in (before, after))
    had, will_have = old.papers(before.strictness), new.papers(after.strictness)
    gained, lost = will_have & ~had, had & ~will_have
    return Comparison(
        gained=_newest(gained, window),
        gained_count=int(gained.sum()),
        lost=_newest(lost, window),
        lost_count=int(lost.sum()),
        before=old.volume(),
        after=new.volume(),
        is_estimate=old.held.is_estimate or new.held.is_estimate,
    )


def _judge(asking: Asking, window: Window) -> _Side:
    asked = matching.parse_query(asking.query) if asking.query.strip() else None
    if asking.wish.strip():
        judged = judge_wish(asked, asking.wish, asking.liked, window, MOST_ASKED)
        return _Side(judged.wanted, judged.held)
    newest_first = np.arange(len(window.ids))[::-1]
    held = find_held(asked, window, newest_first, MOST_ASKED)
    everything = np.ones(len(window.ids), np.bool_)
    return _Side(dict.fromkeys(Strictness, everything), held)


def _newest(mask: Mask, window: Window) -> tuple[Paper, ...]:
    ids = [window.ids[place] for place in np.flatnonzero(mask)[::-1][:SHOWN].tolist()]
    papers = Paper.objects.in_bulk(ids)
    return tuple(papers[pk] for pk in ids if pk in papers)
