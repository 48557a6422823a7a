"""Where the story's mail arrives: a real SMTP server that keeps every message."""

import email
import email.policy
import threading
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from digest.bench.story.processes import StoryError

WAIT_SECONDS = 60


@dataclass(frozen=True)
class Received:
    """One message as it came over the wire."""

    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    @property
    def text(self) -> str:
        """Its plain-text part."""
        body = self.message.get_body(("plain",))
        return str(body.get_content()).replace("\r\n", "\n") if body else ""

    @property
    def is_digest(self) -> bool:
        """Digests carry a List-Id, mails about the account do not."""
        return "List-Id" in self.message


class Mailbox:
    """All messages in the order of arrival; each is also written to a folder."""

    def __init__(self, folder: Path) -> None:
        """Keep messages under `folder` as numbered .eml files."""
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._changed = threading.Condition()
        self.received: list[Received] = []

    def add(self, recipient: str, raw: bytes) -> None:
        """Take one message in."""
        with self._changed:
            self.received.append(Received(recipient, raw))
            name = f"{len(self.received):04d}-{recipient.partition('@')[0]}.eml"
            (self._folder / name).write_bytes(raw)
            self._changed.notify_all()

    def wait_for(self, recipient: str, start: int) -> Received:
        """The first message for the recipient from position `start` on."""
        deadline = time.monotonic() + WAIT_SECONDS
        with self._changed:
            while True:
                for received in self.received[start:]:
                    if received.recipient == recipient:
                        return received
                if not self._changed.wait(deadline - time.monotonic()):
                    raise StoryError(f"No mail for {recipient} in {WAIT_SECONDS} s.")


class _Handler:
    """aiosmtpd's side: 250 once the message is kept."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        raw = bytes(envelope.original_content or b"")
        self._mailbox.add(str(envelope.rcpt_tos[0]), raw)
        return "250 kept"


def start_smtp(mailbox: Mailbox, port: int) -> Controller:
    """Serve SMTP on a loopback port until `stop()`."""
    controller = Controller(_Handler(mailbox), hostname="127.0.0.1", port=port)
    controller.start()
    return controller
