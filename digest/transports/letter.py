"""One mail to one reader, as the transports take it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.core.mail import EmailMessage

from digest.transports.envelope import Envelope, read_envelope


@dataclass(frozen=True, slots=True)
class Shared:
    """What a letter has in common with others of the same `key`, and what is its own.

    `draw(mark)` gives text and HTML with `mark(name)` wherever something of the
    reader's own stands; `read()` gives what stands there, by name.
    """

    key: str
    draw: Callable[[Callable[[str], str]], tuple[str, str]]
    read: Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that will not change any more, and who it is from and for.

    `write` gives its bytes (CRLF lines), the same each time; it cannot fail.
    `make_message` gives the same mail as an object, for providers that are told its
    parts; SMTP never asks for it. `is_wire_safe` says that whoever made the bytes saw
    to it that every line ends in CRLF and none begins with a dot. `make_key` gives the
    mail's key, the same for the same mail alone: a provider that remembers it sends the
    mail once, however often it is told. With `shared`, it may go in one call with
    letters like it.
    """

    sender: str
    recipients: tuple[str, ...]
    write: Callable[[], bytes]
    make_message: Callable[[], EmailMessage]
    is_wire_safe: bool = False
    make_key: Callable[[], str] = str
    shared: Shared | None = None

    @classmethod
    def of(cls, message: EmailMessage, raw: bytes, key: str = "") -> Letter:
        """Return the letter of a message and the bytes that were made of it."""

        def same(kept: EmailMessage) -> EmailMessage:
            return kept

        recipients = tuple(message.recipients())
        make_message = partial(same, message)
        return cls(
            message.from_email,
            recipients,
            lambda: raw,
            make_message,
            make_key=lambda: key,
        )

    @property
    def envelope(self) -> Envelope:
        """The two addresses. ValueError where there are not two that can be used."""
        return read_envelope(self.sender, self.recipients)
