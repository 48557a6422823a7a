"""Connections that go only where they may, and end in time.

The name is looked up once, every address of it is checked, and the connection
goes to an address that was checked: a name that changes its mind between check
and connect gains nothing. TLS still verifies the host name. Every wait is cut
at one deadline for the whole fetch, so a server that drips bytes, in headers or
body, cannot hold a worker.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2
import httpx2

from digest.sources.entry import SourceError
from digest.sources.public import is_public

Resolve = Callable[[str, int], list[str]]
SocketOption = (
    tuple[int, int, int]
    | tuple[int, int, bytes | bytearray]
    | tuple[int, int, None, int]
)


def resolve(host: str, port: int) -> list[str]:
    """All addresses of the host, in the system's order of preference."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceError(f"{host} could not be found.") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Deadline:
    """A moment on the monotonic clock after which nothing waits any more."""

    def __init__(self, seconds: float) -> None:
        """Start counting now."""
        self._at = time.monotonic() + seconds

    def left(self, at_most: float | None = None) -> float:
        """Seconds still to wait. Raises ReadTimeout when there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole fetch took too long")
        return left if at_most is None else min(left, at_most)


class _TimedStream(httpcore2.NetworkStream):
    """A stream whose every wait is cut at the deadline."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(
            ssl_context, server_hostname, self._deadline.left(timeout)
        )
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections to public addresses only, unless private ones are allowed."""

    def __init__(
        self,
        deadline: Deadline,
        *,
        allow_private: bool = False,
        resolve: Resolve = resolve,
    ) -> None:
        """`resolve` names all addresses of a host; it is asked once per connection."""
        self._deadline = deadline
        self._allow_private = allow_private
        self._resolve = resolve
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first address that answers. Raises SourceError if barred."""
        addresses = self._allowed(host, port)
        for last, address in enumerate(addresses, 1 - len(addresses)):
            try:
                stream = self._plain.connect_tcp(
                    address,
                    port,
                    self._deadline.left(timeout),
                    local_address,
                    socket_options,
                )
                return _TimedStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if last == 0:
                    raise
        raise SourceError(f"{host} has no address.")

    def _allowed(self, host: str, port: int) -> list[str]:
        """All addresses of the host; one that is private bars the whole name."""
        addresses = self._resolve(host, port)
        if not self._allow_private and not all(map(is_public, addresses)):
            raise SourceError(f"{host} is not a public address.")
        return addresses


class GuardedTransport(httpx2.HTTPTransport):
    """An httpx transport on guarded connections, without proxies."""

    def __init__(self, backend: GuardedBackend) -> None:
        """Verify TLS against the usual authorities."""
        super().__init__(trust_env=False)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(trust_env=False),
            network_backend=backend,
        )
