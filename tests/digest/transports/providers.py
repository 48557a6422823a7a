"""A stub of a mail provider's API, and one message sent to it through anymail."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.digest.transports.servers import serve

Answer = Callable[[BaseHTTPRequestHandler], None]
SENT = {
    "ErrorCode": 0,
    "Message": "OK",
    "MessageID": "pm-1",
    "To": "reader@example.net",
}


class ProviderStub:
    """A mail provider's HTTP API that gives one answer and keeps the requests.

    `most_at_once` is how many requests it has had in its hands at the same time.
    """

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.ports: set[int] = set()
        self.most_at_once = self._at_once = 0
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                self.body = self.rfile.read(size)
                with outer._lock:
                    outer.bodies.append(self.body)
                    outer.headers.append(dict(self.headers))
                    outer.ports.add(self.client_address[1])
                    outer._at_once += 1
                    outer.most_at_once = max(outer.most_at_once, outer._at_once)
                answer(self)

            def end_headers(self) -> None:
                with outer._lock:
                    outer._at_once -= 1
                super().end_headers()

            def log_message(self, *args: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"


def answer(status: int, body: object) -> Answer:
    """An HTTP answer; a body that is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def give(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return give


def in_turn(*answers: Answer) -> Answer:
    """One answer after the other, the last for ever."""
    left = list(answers)

    def give(request: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(request)

    return give


def hang_up(request: BaseHTTPRequestHandler) -> None:
    """Take the request and close without an answer."""
    request.close_connection = True


def choose_provider(
    settings: Any, url: str, provider: str = "postmark", seconds: float = 5
) -> None:
    """Send through anymail's backend for a provider, whose API is at `url`."""
    settings.EMAIL_BACKEND = f"anymail.backends.{provider}.EmailBackend"
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "secret-token",
        f"{provider.upper()}_API_KEY": "secret-token",
        f"{provider.upper()}_API_URL": url,
        "REQUESTS_TIMEOUT": seconds,
        "WEBHOOK_SECRET": "only:for-tests",
    }


@contextmanager
def provider(give: Answer) -> Iterator[ProviderStub]:
    stub = ProviderStub(give)
    with serve(stub.server):
        yield stub
