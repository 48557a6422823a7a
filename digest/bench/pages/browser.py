"""A browser as far as measuring needs one: cookies, and no cache."""

import http.client
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_TIMEOUT = 60
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came, how long it took, and how many bytes it was with its headers."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    milliseconds: float

    @property
    def cpu_milliseconds(self) -> float:
        """What the worker's thread computed for it, as the bench's worker tells."""
        return float(self.headers["Server-Timing"].rpartition("=")[2])

    @property
    def moved(self) -> int:
        """Bytes of head and body."""
        head = sum(len(name) + len(value) + 4 for name, value in self.headers.items())
        return head + len(self.body)


class Browser:
    """Speaks as a proxy does that has ended TLS: a connection for each request."""

    def __init__(self, host: str, port: int, cookies: Mapping[str, str]) -> None:
        self._host, self._port, self._cookies = host, port, dict(cookies)

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> Answer:
        """Get a page, or send it a form; cookies that come are kept."""
        headers = {
            "Host": self._host,
            "X-Forwarded-Proto": "https",
            "Accept-Encoding": "gzip",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items()),
        }
        body = None
        if form is not None:
            headers |= {"Origin": f"https://{self._host}", "Content-Type": _FORM}
            body = urlencode(form)
        connection = http.client.HTTPConnection("127.0.0.1", self._port, _TIMEOUT)
        with closing(connection):
            start = time.perf_counter()
            connection.request("POST" if body else "GET", path, body, headers)
            response = connection.getresponse()
            content = response.read()
            taken = 1000 * (time.perf_counter() - start)
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                morsels = SimpleCookie(value).items()
                self._cookies |= {key: morsel.value for key, morsel in morsels}
        return Answer(response.status, dict(response.getheaders()), content, taken)
