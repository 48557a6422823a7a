"""arXiv on a loopback port: feeds and search, and the times at which it was asked."""

import threading
from collections.abc import Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from urllib.parse import unquote, urlsplit

from digest.bench.replay.clock import Clock
from digest.bench.replay.days import DayList
from digest.bench.replay.script import Answer, Script
from digest.bench.replay.search import answer_search

OK, NOT_FOUND, BAD_GATEWAY = 200, 404, 502


class ArxivStub:
    """Serves until `stop()`; `requests` is every request with the clock's time."""

    def __init__(self, days: Sequence[DayList], clock: Clock, port: int) -> None:
        """Play the days by the clock."""
        self._days, self._clock, self._script = days, clock, Script(days)
        self.requests: list[tuple[datetime, str]] = []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            """One answer per GET."""

            def do_GET(self) -> None:
                """Answer as arXiv does at that moment."""
                status, headers, body = stub.answer(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

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
