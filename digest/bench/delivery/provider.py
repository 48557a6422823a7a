"""A mail provider's HTTP interface (Postmark's) that answers after 50 ms.

Run as a process of its own: `python -m digest.bench.delivery.provider PORT`. A GET
tells how many mails it took, and how many requests it had at once at most.
"""

import json
import sys
import threading
import time
import uuid
from http.server import ThreadingHTTPServer
from typing import Any

from digest.bench.loopback import QuietHandler

SECONDS = 0.05
_JSON = {"Content-Type": "application/json"}


class Provider:
    """What the stub has seen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self.taken = 0
        self.most_at_once = 0

    def begin(self) -> None:
        """A request has come."""
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)

    def end(self, mails: int) -> None:
        """It is about to be answered."""
        with self._lock:
            self._open -= 1
            self.taken += mails


class Handler(QuietHandler):
    """One request for one mail, or for a list of them."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer, or a client's delayed ACK is measured
    provider = Provider()

    def do_GET(self) -> None:  # noqa: N802  its caller fixes the name
        """Tell the counts."""
        counts = {
            "taken": self.provider.taken,
            "most_at_once": self.provider.most_at_once,
        }
        self.reply(200, _JSON, json.dumps(counts).encode())

    def do_POST(self) -> None:  # noqa: N802  its caller fixes the name
        """Take the mail, and let some time pass."""
        self.provider.begin()
        until = time.monotonic() + SECONDS
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        mails = sent if isinstance(sent, list) else [sent]
        answers = [_answer(mail) for mail in mails]
        time.sleep(max(0.0, until - time.monotonic()))
        self.provider.end(len(mails))
        answer: object = answers if isinstance(sent, list) else answers[0]
        self.reply(200, _JSON, json.dumps(answer).encode())


def _answer(mail: dict[str, Any]) -> dict[str, object]:
    return {
        "To": mail["To"],
        "SubmittedAt": "2026-04-20T08:00:00.0000000+00:00",
        "MessageID": str(uuid.uuid4()),
        "ErrorCode": 0,
        "Message": "OK",
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


if __name__ == "__main__":
    _Server(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
