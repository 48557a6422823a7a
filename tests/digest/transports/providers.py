"""A stub of a mail provider's API, and one message sent to it through anymail."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.digest.transports.servers import serve

Answer = Callable[[BaseHTTPRequestHandler], None]
SENT = {
    "ErrorCode": 0,
    "Message": "OK",
    "MessageID": "pm-1",
    "To": "reader@example.net",
}


class ProviderStub:
    """A mail provider's HTTP API that gives one answer and keeps the requests."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.bodies: list[bytes] = []
        self.ports: set[int] = set()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                size = int(self.headers["Content-Length"])
                outer.bodies.append(self.rfile.read(size))
                outer.ports.add(self.client_address[1])
                answer(self)

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


def hang_up(request: BaseHTTPRequestHandler) -> None:
    """Take the request and close without an answer."""
    request.close_connection = True


@contextmanager
def provider(give: Answer) -> Iterator[ProviderStub]:
    stub = ProviderStub(give)
    with serve(stub.server):
        yield stub
