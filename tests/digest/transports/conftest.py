"""One message, a hand-off that is watched, and settings that point at a server."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives

from digest.transports import Letter, Transport, Verdict, open_transport
from tests.digest.transports.providers import choose_provider

PointAt = Callable[[int], None]
RAW = (
    b"From: Paperboy <papers@papers.example.org>\r\n"
    b"To: reader@example.net\r\n"
    b"Subject: Today\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n"
    b"\r\n"
    b".starts with a dot\r\n"
    b"..\r\n"
    b".\r\n"
    b"Erd\xc5\x91s\r\n"
    b"\r\n"
)


@dataclass
class HandOff:
    """Grants or refuses the hand-off and keeps what `look` saw at each call."""

    answer: bool = True
    look: Callable[[], Any] = lambda: None
    seen: list[Any] = field(default_factory=list)

    def __call__(self) -> bool:
        self.seen.append(self.look())
        return self.answer


@pytest.fixture
def hand_off() -> HandOff:
    return HandOff()


def make_message(to: str = "reader@example.net") -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        "Today", "Text", "Paperboy <papers@papers.example.org>", [to]
    )
    message.attach_alternative("<p>Text</p>", "text/html")
    return message


PATIENCE = 60.0


def send_one(
    transport: Transport,
    message: EmailMessage,
    raw: bytes,
    hand_off: Callable[[], bool],
) -> Verdict:
    """Send a batch of one."""

    def may_hand_off() -> set[int]:
        return {0} if hand_off() else set()

    [verdict] = transport.send([Letter.of(message, raw)], may_hand_off, PATIENCE)
    return verdict


def send_once(hand_off: HandOff, to: str = "reader@example.net") -> Verdict:
    with open_transport() as transport:
        return send_one(transport, make_message(to), RAW, hand_off)


def send_many(count: int) -> list[Verdict]:
    with open_transport() as transport:
        return [
            send_one(transport, make_message(), RAW, HandOff()) for _ in range(count)
        ]


@pytest.fixture
def point_at(settings: Any) -> PointAt:
    """Send by SMTP to a port of this machine, with short waits."""

    def point(port: int) -> None:
        settings.EMAIL_BACKEND = "digest.transports.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DIGEST_CONNECT_TIMEOUT_SECONDS = 5
        settings.DIGEST_COMMAND_TIMEOUT_SECONDS = 5
        settings.DIGEST_AFTER_DOT_TIMEOUT_SECONDS = 5

    return point


@pytest.fixture
def use(settings: Any) -> Callable[..., None]:
    """Send through a provider whose API is at an address of this machine."""

    return partial(choose_provider, settings)
