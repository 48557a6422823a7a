"""A mail server on loopback that misbehaves, and notes what it took."""

import socket
import socketserver
import threading
import time
from itertools import count

from digest.bench.storm import whims
from digest.bench.storm.reckoning import Decision
from digest.bench.storm.whims import Greeting, Whim
from digest.bench.storm.wire import Wire

SILENCE_SECONDS = 6.0
"""Longer than the sender waits for anything."""

_numbers = count()
_REPLIES = {
    Whim.CLOSING: "421 4.3.2 closing",
    Whim.GREYLIST: "451 4.7.1 come back later",
    Whim.FULL: "452 4.2.2 mailbox full",
    Whim.NO_MAILBOX: "550 5.1.1 no such user",
    Whim.CONTENT: "554 5.7.1 refused",
    Whim.LATER: "451 4.3.0 try again",
}
_AFTER_DOT = {Whim.CONTENT, Whim.LATER}


class Sink:
    """Serves in threads until `stop()`."""

    def __init__(self, wire: Wire, pause: float, port: int) -> None:
        """`pause` is the time that it needs for each message, in seconds."""
        self.wire, self.pause = wire, pause
        self._server = _Server(self, port)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, sink: Sink, port: int) -> None:
        self.sink = sink
        super().__init__(("127.0.0.1", port), _Session)

    def handle_error(self, request: object, client_address: object) -> None:
        """Senders that were killed are what this is about."""


class _HangupError(Exception):
    """The server ends the session without a word."""


class _Session(socketserver.StreamRequestHandler):
    """One session: commands in, answers or worse out."""

    server: _Server

    def handle(self) -> None:
        """Speak SMTP until somebody leaves."""
        self.sink = self.server.sink
        greeting = self.sink.wire.draw("session", whims.greet)
        self.can_pipeline = next(_numbers) % 2 == 0
        self.recipient = ""
        self.whim = Whim.TAKE
        try:
            self._greet(greeting)
            while line := self.rfile.readline(4096):
                self._obey(line.decode("ascii", "replace").strip())
        except _HangupError:
            self.request.shutdown(socket.SHUT_RDWR)

    def _greet(self, greeting: Greeting) -> None:
        match greeting:
            case Greeting.BUSY:
                self._say("421 4.3.2 too busy")
                raise _HangupError
            case Greeting.HANG:
                time.sleep(SILENCE_SECONDS)
                raise _HangupError
            case Greeting.DRIP:
                self._drip("220 storm.example.org")
            case _:
                self._say("220 storm.example.org")

    def _obey(self, line: str) -> None:
        match line[:4].upper():
            case "EHLO":
                more = "PIPELINING" if self.can_pipeline else "8BITMIME"
                self._say(f"250-storm.example.org\r\n250 {more}")
            case "RCPT":
                self._take_recipient(line.partition("<")[2].partition(">")[0])
            case "DATA" if not self.recipient:
                self._say("503 5.5.1 no recipient")
            case "DATA":
                self._take_message()
            case "QUIT":
                self._say("221 2.0.0 bye")
                raise _HangupError
            case verb:
                if verb in {"RSET", "MAIL"}:
                    self.recipient = ""
                self._say("250 2.0.0 ok")

    def _take_recipient(self, recipient: str) -> None:
        self.whim = self.sink.wire.draw(recipient, whims.draw)
        if self.whim in _REPLIES and self.whim not in _AFTER_DOT:
            self._say(_REPLIES[self.whim])
            if self.whim is Whim.CLOSING:
                raise _HangupError
            return
        self.recipient = recipient
        self._say("250 2.1.5 ok")

    def _take_message(self) -> None:
        if self.whim is Whim.DROP_EARLY:
            raise _HangupError
        self._say("354 go on")
        message_id = self._read_message()
        time.sleep(self.sink.pause)
        self.sink.wire.note(
            Decision(
                message_id,
                self.recipient,
                is_taken=self.whim in whims.TAKEN,
                is_silent=self.whim in whims.SILENT,
            )
        )
        self.recipient = ""
        match self.whim:
            case Whim.HANG_TAKEN | Whim.HANG_LOST:
                time.sleep(SILENCE_SECONDS)
                raise _HangupError
            case Whim.DROP_TAKEN | Whim.DROP_LOST:
                raise _HangupError
            case Whim.DRIP_TAKEN:
                self._drip("250 2.0.0 taken, as you see")
            case whim:
                self._say(_REPLIES.get(whim, f"250 2.0.0 taken {message_id}"))

    def _read_message(self) -> str:
        """Read to the dot; the Message-ID. A sender that leaves has sent nothing."""
        message_id = ""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _HangupError
            if not message_id and line.lower().startswith(b"message-id:"):
                message_id = line.partition(b":")[2].strip().decode("ascii")
        return message_id

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _drip(self, text: str) -> None:
        for byte in text.encode() + b"\r\n":
            self.wfile.write(bytes([byte]))
            time.sleep(1.0)
