"""One storm: each fault in its second, each mended, then the wait for the last end."""

import heapq
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count

from django.utils import timezone

from digest.bench.storm import scene
from digest.bench.storm.faults import Faults, Mending
from digest.bench.storm.schedule import Fault, Planned

_POLL_SECONDS = 0.5
_STANDSTILL_SECONDS = 120.0
"""So long nothing moved: what is left is lost, and not late on a slow computer."""

Deed = Callable[[], Mending | None]


class Storm:
    """Blows once."""

    def __init__(self, faults: Faults, ids: range, seconds: float) -> None:
        self._faults, self._ids, self._seconds = faults, ids, seconds
        self._order = count()
        self._todo: list[tuple[float, int, Deed]] = []
        self.counts: Counter[str] = Counter()

    def blow(self, planned: Sequence[Planned]) -> float:
        """Go through it; the seconds from the last fault's end to the last mail's."""
        start = time.monotonic()
        scene.patiently(partial(scene.spread, self._ids, self._seconds))
        for one in planned:
            self._add(one.at, partial(self._do, one.fault))
        while self._todo:
            at, _order, deed = heapq.heappop(self._todo)
            self._wait(start, at)
            mending = deed()
            if mending:
                after = time.monotonic() - start + mending.after
                self._add(after, partial(_mend, mending))
        self._wait(start, self._seconds)
        return self._wait_for_the_end()

    def _add(self, at: float, deed: Deed) -> None:
        heapq.heappush(self._todo, (at, next(self._order), deed))

    def _do(self, fault: Fault) -> Mending | None:
        self.counts[fault] += 1
        print(f"{timezone.now():%H:%M:%S} {fault}", file=sys.stderr)
        return self._faults.do(fault)

    def _wait(self, start: float, at: float) -> None:
        """Until that second; meanwhile readers leave."""
        while (passed := time.monotonic() - start) < at:
            part = min(1.0, passed / self._seconds)
            leave = partial(scene.let_leave, self._ids, part, timezone.now())
            self.counts["a reader left"] += scene.patiently(leave)
            time.sleep(min(_POLL_SECONDS, max(0.0, at - passed)))

    def _wait_for_the_end(self) -> float:
        start = moved = time.monotonic()
        left = 0
        while waiting := scene.patiently(scene.count_unsettled):
            now = time.monotonic()
            if waiting != left:
                left, moved = waiting, now
            elif now - moved > _STANDSTILL_SECONDS:
                break
            time.sleep(_POLL_SECONDS)
        return time.monotonic() - start


def _mend(mending: Mending) -> None:
    mending.do()
