"""arXiv on a loopback port: feeds and search, and the times at which it was asked."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from digest.bench.loopback import LoopbackServer, QuietHandler
from digest.bench.replay.clock import Clock
from digest.bench.replay.days import DayList
from digest.bench.replay.script import Answer, Script
from digest.bench.replay.search import answer_search

OK, NOT_FOUND, BAD_GATEWAY = 200, 404, 502


class ArxivStub(LoopbackServer):
    """Serves until `stop()`; `requests` is every request with the clock's time."""

    def __init__(self, days: Sequence[DayList], clock: Clock, port: int) -> None:
        """Play the days by the clock."""
        self._days, self._clock, self._script = days, clock, Script(days)
        self.requests: list[tuple[datetime, str]] = []
        stub = self

        class Handler(QuietHandler):
            """One answer per GET."""

            def do_GET(self) -> None:  # noqa: N802  its caller fixes the name
                """Answer as arXiv does at that moment."""
                self.reply(*stub.answer(self.path))

        super().__init__(Handler, port)

    def answer(self, path: str) -> Answer:
        """What a path answers now."""
        now = self._clock.now()
        self.requests.append((now, path))
        parts = urlsplit(path)
        if self._script.is_down(now):
            return BAD_GATEWAY, {}, b""
        if parts.path == "/api/query":
            return OK, {}, answer_search(self._days, parts.query, now)
        if parts.path.startswith("/rss/"):
            return self._script.feed(unquote(parts.path.removeprefix("/rss/")), now)
        return NOT_FOUND, {}, b""

    def least_gap_seconds(self) -> float:
        """The shortest time between two requests, by the clock of all processes."""
        times = sorted(moment for moment, _path in self.requests)
        gaps = pairwise(times)
        return min((b - a).total_seconds() for a, b in gaps)
