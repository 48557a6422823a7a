"""A real HTTP server on loopback that answers what a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Headers = dict[str, str]
Answer = tuple[int, Headers, bytes]


class FeedServer(ThreadingHTTPServer):
    """Answers each path as told and remembers what was asked."""

    daemon_threads = True

    def __init__(self, answers: dict[str, Answer | Callable[[], Answer]]) -> None:
        """`answers` maps a path to status, headers and body."""
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[tuple[str, Headers]] = []

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        assert isinstance(self.server, FeedServer)
        self.server.asked.append((self.path, dict(self.headers.items())))
        answer = self.server.answers[self.path]
        status, headers, body = answer() if callable(answer) else answer
        self.close_connection = True
        self.send_response_only(status)
        for name, value in ({"Connection": "close"} | headers).items():
            self.send_header(name, value)
        # A client that has seen enough hangs up: that is what some tests check.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the test output quiet."""


@contextmanager
def serving(answers: dict[str, Answer | Callable[[], Answer]]) -> Iterator[FeedServer]:
    """Run the server until the block ends."""
    with FeedServer(answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
