"""Real servers on loopback, in threads, that fail in the ways real ones do."""

import contextlib
import socket
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from aiosmtpd.controller import Controller

Reply = bytes | None
DROP: Reply = None
HANG = b"(silence until the client hangs up)"
ENDLESS = b"(a reply that never comes to its last line)"
REPLIES: dict[str, Reply] = {
    "banner": b"220 script.example.org",
    "EHLO": b"250-script.example.org\r\n250 SIZE 1000000",
    "dot": b"250 2.0.0 queued as SCRIPT",
    "DATA": b"354 go on",
    "QUIT": b"221 bye",
}


class ScriptServer:
    """An SMTP server that answers each command as told, and notes all it was told.

    `replies` maps a command (or "banner", "dot") to its replies, used one after the
    other, the last for ever. A reply is a line, DROP, HANG or ENDLESS. `before` maps
    a command to what happens, in the server's thread, before it is answered.
    """

    def __init__(
        self,
        replies: Mapping[str, list[Reply]],
        before: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        self._replies = {**{k: [v] for k, v in REPLIES.items()}, **replies}
        self._before = before or {}
        self.commands: list[str] = []
        self.contents: list[bytes] = []
        self.connection_count = 0
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer.connection_count += 1
                with contextlib.suppress(OSError, EOFError):
                    outer._converse(self)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port: int = self.server.server_address[1]

    def _converse(self, handler: Any) -> None:
        self._answer(handler, "banner")
        while line := handler.rfile.readline():
            command = line.split()[0].decode().upper()
            self.commands.append(command)
            if self._answer(handler, command).startswith(b"354"):
                self._receive(handler)
                self._answer(handler, "dot")
            if command == "QUIT":
                return

    def _receive(self, handler: Any) -> None:
        content = b""
        while (line := handler.rfile.readline()) != b".\r\n":
            if not line:
                raise EOFError
            content += line[1:] if line.startswith(b".") else line
        self.contents.append(content)

    def _answer(self, handler: Any, command: str) -> bytes:
        if command in self._before:
            self._before[command]()
        queue = self._replies.get(command, [b"250 ok"])
        reply = queue.pop(0) if len(queue) > 1 else queue[0]
        if reply == HANG:
            handler.rfile.read()
        if reply is None or reply == HANG:
            raise EOFError
        while reply == ENDLESS:
            handler.wfile.write(b"250-and\r\n")
        handler.wfile.write(reply + b"\r\n")
        return reply


@contextlib.contextmanager
def serve(server: socketserver.BaseServer) -> Iterator[None]:
    """Run a server in a thread for the length of the block."""
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def scripted(
    point_at: Callable[[int], None],
    before: Mapping[str, Callable[[], None]] | None = None,
    /,
    **replies: Reply | list[Reply],
) -> Iterator[ScriptServer]:
    """Run a script server that mail is sent to, with these replies."""
    script = ScriptServer(
        {k: v if isinstance(v, list) else [v] for k, v in replies.items()}, before
    )
    with serve(script.server):
        point_at(script.port)
        yield script


class MailServer(Controller):
    """aiosmtpd on a free port; keeps the envelopes it took."""

    def __init__(self, **options: Any) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        super().__init__(self, hostname="127.0.0.1", port=port, **options)
        self.envelopes: list[Any] = []
        self.peers: set[object] = set()

    def _create_server(self) -> Any:
        creation: Callable[..., Any] = self.loop.create_server
        return creation(
            self._factory_invoker, sock=self._listening, ssl=self.ssl_context
        )

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: object,  # noqa: ARG002
        session: Any,
        envelope: Any,
    ) -> str:
        """Keep the message and say yes."""
        self.peers.add(session.peer)
        self.envelopes.append(envelope)
        return f"250 taken as {len(self.envelopes)}"


def make_server_context(certificate: str, key: str) -> ssl.SSLContext:
    """A context for a server with this certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context
