"""What a provider reports of the mails it took: often twice, in no order, or never."""

import base64
import heapq
import json
import random
import threading
import time
import urllib.request
from datetime import UTC, datetime
from itertools import count
from typing import Any

_LATEST = 6.0
_AGAIN_SECONDS = 2.0
_MOST_TIMES = 3
_UNREPORTED = 0.2
_OPENED = 0.1
_POLL_SECONDS = 0.05


class Reports:
    """Posts to the service's webhook in a thread; what is refused comes again."""

    def __init__(self, seed: int, url: str, secret: str) -> None:
        self._chance = random.Random(f"{seed} reports")  # noqa: S311  no secret
        self._url, self._order = url, count()
        self._secret = base64.b64encode(secret.encode()).decode()
        self._waiting: list[tuple[float, int, bytes]] = []
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self.posted = self.refused = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def tell(self, recipient: str, provider_id: str, metadata: Any) -> None:
        """Have a mail reported, some time, some times."""
        with self._lock:
            if self._chance.random() < _UNREPORTED:
                return
            kinds = ["Delivery"] * self._chance.randint(1, _MOST_TIMES)
            if self._chance.random() < _OPENED:
                kinds.append("Open")
            for kind in kinds:
                body = _compose(kind, recipient, provider_id, metadata)
                self._add(self._chance.uniform(0.0, _LATEST), body)

    def wait(self, seconds: float) -> None:
        """Until all is reported, at most so long; report no more."""
        deadline = time.monotonic() + seconds
        while self._waiting and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        self._is_over.set()
        self._thread.join()

    def _add(self, after: float, body: bytes) -> None:
        due = time.monotonic() + after
        heapq.heappush(self._waiting, (due, next(self._order), body))

    def _run(self) -> None:
        while not self._is_over.is_set():
            with self._lock:
                is_due = self._waiting and self._waiting[0][0] <= time.monotonic()
                body = heapq.heappop(self._waiting)[2] if is_due else None
            if body is None:
                time.sleep(_POLL_SECONDS)
                continue
            try:
                self._post(body)
                self.posted += 1
            except OSError:
                self.refused += 1
                with self._lock:
                    self._add(_AGAIN_SECONDS, body)

    def _post(self, body: bytes) -> None:
        request = urllib.request.Request(  # noqa: S310  loopback
            self._url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Basic {self._secret}",
            },
        )
        with urllib.request.urlopen(request, timeout=10):  # noqa: S310  loopback
            pass


def _compose(kind: str, recipient: str, provider_id: str, metadata: Any) -> bytes:
    at = "DeliveredAt" if kind == "Delivery" else "ReceivedAt"
    report = {
        "RecordType": kind,
        "MessageID": provider_id,
        "Recipient": recipient,
        at: datetime.now(UTC).isoformat(),
        "Metadata": metadata,
    }
    return json.dumps(report).encode()
