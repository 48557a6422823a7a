"""A few of the product's own mails, taken off the wire: what the rivals send."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from django.conf import settings

from digest.bench.story.mailbox import Mailbox, start_smtp
from digest.tasks import send


@dataclass(frozen=True, slots=True)
class Sample:
    """Mails as bytes, and their mean size."""

    mails: tuple[bytes, ...]

    @property
    def size(self) -> int:
        """Bytes of a mail, at the mean."""
        return round(mean(map(len, self.mails)))

    @property
    def usual(self) -> bytes:
        """The mail whose size is closest to the mean."""
        return min(self.mails, key=lambda mail: abs(len(mail) - self.size))


def take_sample(ids: Sequence[int], folder: Path) -> Sample:
    """Send these in this process, to a server that keeps them."""
    mailbox = Mailbox(folder / "mail")
    server = start_smtp(mailbox, settings.EMAIL_PORT)
    try:
        send(list(ids))
    finally:
        server.stop()
    return Sample(tuple(received.raw for received in mailbox.received))
