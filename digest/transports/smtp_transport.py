"""Messages over SMTP, byte for byte as frozen, and what the server made of each.

Only a reply is definite. The first message's MAIL and RCPT come before anything is
handed over, so that a server that is away or refuses costs no hand-off; then the
caller commits the hand-off of all; then the contents go.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Self

from digest.transports.envelope import Envelope
from digest.transports.letter import Letter
from digest.transports.smtp import EmailBackend, Phase
from digest.transports.smtp_session import Session
from digest.transports.verdict import NOT_ALLOWED, Outcome, Verdict

BREAKS_IN_A_ROW = 2
"""After so many messages that ended in silence, the rest of a batch is not tried."""

_SILENT = {Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DATA_SENT}


class SmtpTransport:
    """A context manager over one SMTP session that is reused between messages."""

    idempotency = None

    def __init__(self, backend: EmailBackend) -> None:
        self._session = Session(backend)
        self._run: _Run | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._session.close()

    def send(
        self,
        letters: Sequence[Letter],
        may_hand_off: Callable[[], Collection[int]],
        seconds: float,
    ) -> Iterator[Verdict]:
        """Send the letters one after the other; a verdict for each, in order.

        1. Connect where needed; MAIL and RCPT of the first. A refusal ends it alone.
        2. Call `may_hand_off` once; what it does not name is taken back.
        3. DATA, the bytes, the dot, and with them the commands of the next letter.
        """
        run = self._run = _Run(self._session, letters, may_hand_off, seconds)
        for place in range(len(letters)):
            yield run.send(place)

    def stop(self) -> None:
        """Begin no further letter."""
        if self._run:
            self._run.stop()


class _Run:
    """One batch on its way: what may go, what was told ahead, what stopped it."""

    def __init__(
        self,
        session: Session,
        letters: Sequence[Letter],
        may_hand_off: Callable[[], Collection[int]],
        seconds: float,
    ) -> None:
        self._session = session
        self._letters = letters
        self._may_hand_off = may_hand_off
        self._until = time.monotonic() + seconds
        self._envelopes = [_read(letter) for letter in letters]
        self._allowed: Collection[int] | None = None
        self._told: int | None = None
        self._written: dict[int, bytes] = {}
        self._stopped: Verdict | None = None
        self._breaks = 0

    def stop(self) -> None:
        self._until = 0.0

    def send(self, place: int) -> Verdict:
        envelope = self._envelopes[place]
        if isinstance(envelope, Verdict):
            return envelope
        if self._stopped:
            return self._stopped
        if self._told != place:
            if self._allowed is not None and place not in self._allowed:
                return Verdict(Outcome.ABORTED, NOT_ALLOWED, phase=Phase.CONNECT)
            if time.monotonic() > self._until:
                return Verdict(Outcome.NOT_BEGUN, "not begun in time", phase=Phase.MAIL)
        verdict = self._make_ready(place, envelope) or self._transmit(place)
        self._written.pop(place, None)
        self._note(verdict)
        return verdict

    def _write(self, place: int) -> bytes:
        """The bytes of a letter, kept from when it is announced until it has gone."""
        if place not in self._written:
            self._written[place] = self._letters[place].write()
        return self._written[place]

    def _make_ready(self, place: int, envelope: Envelope) -> Verdict | None:
        """Bring the server to wait for the content, or say why it does not."""
        raw = self._write(place)
        was_told, self._told = self._told == place, None
        if was_told and self._session.is_connected():
            verdict = self._session.collect()
            if verdict is None or not self._is_worn_out(verdict):
                return verdict
        verdict = self._session.announce(envelope, raw)
        if verdict and self._is_worn_out(verdict):
            verdict = self._session.announce(envelope, raw)
        if verdict:
            return verdict
        if not self._is_allowed(place):
            self._session.reset()
            return Verdict(Outcome.ABORTED, NOT_ALLOWED, phase=Phase.RCPT)
        return self._session.ask_for_content()

    def _is_worn_out(self, verdict: Verdict) -> bool:
        """Whether the server only wants a new connection after so many messages."""
        if verdict.phase != Phase.MAIL or not self._session.accepted:
            return False
        self._session.accepted = 0
        return verdict.evidence.startswith(("421", f"{Phase.MAIL}: "))

    def _is_allowed(self, place: int) -> bool:
        if self._allowed is None:
            self._allowed = self._may_hand_off()
        return place in self._allowed

    def _transmit(self, place: int) -> Verdict:
        following = self._choose_next(place)
        self._told = following and following[0]
        content = self._write(place)
        if not self._letters[place].is_wire_safe:
            content = _stuff_dots(content)
        return self._session.transmit(content, following and following[1:])

    def _choose_next(self, place: int) -> tuple[int, Envelope, bytes] | None:
        if time.monotonic() > self._until or not self._session.can_pipeline():
            return None
        for later in range(place + 1, len(self._letters)):
            envelope = self._envelopes[later]
            if isinstance(envelope, Envelope) and self._is_allowed(later):
                return later, envelope, self._write(later)
        return None

    def _note(self, verdict: Verdict) -> None:
        """See whether this verdict is about all that come after it, too."""
        is_opening = verdict.phase in set(Phase) - _SILENT - {Phase.DONE}
        is_break = verdict.evidence.startswith(f"{verdict.phase}: ")
        self._breaks = self._breaks + 1 if is_break else 0
        if verdict.outcome is Outcome.QUEUE_PROBLEM or (
            is_opening and verdict.outcome is Outcome.TEMPORARY
        ):
            self._stopped = verdict
        elif self._breaks >= BREAKS_IN_A_ROW:
            self._stopped = Verdict(
                Outcome.TEMPORARY, "the server breaks off again and again", phase="mail"
            )


def _read(letter: Letter) -> Envelope | Verdict:
    """The addresses, or why this letter cannot be sent."""
    try:
        envelope = letter.envelope
        if not letter.is_wire_safe:
            _check_line_breaks(letter.write())
    except ValueError as error:
        return Verdict(Outcome.PERMANENT, str(error), phase="envelope")
    return envelope


def _check_line_breaks(raw: bytes) -> None:
    """Refuse a lone CR or LF: it lets a message pretend to end early (smuggling)."""
    whole = raw.count(b"\r\n")
    if not whole == raw.count(b"\n") == raw.count(b"\r") or not raw.endswith(b"\r\n"):
        raise ValueError("the message has a line that does not end in CRLF")


def _stuff_dots(raw: bytes) -> bytes:
    """Double the dot that begins a line (RFC 5321, part 4.5.2)."""
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed
