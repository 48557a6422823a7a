"""Who sends, as far as the settings tell."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.encoding import punycode


@dataclass(frozen=True, slots=True)
class Sender:
    """The From domain, which is the envelope's and DKIM's too, and what sends for it.

    `provider` is empty for SMTP; `addresses` are those that mail servers see.
    """

    domain: str
    reply_domain: str
    provider: str
    relay: str
    addresses: tuple[str, ...]
    selectors: tuple[str, ...]

    @property
    def is_relay_local(self) -> bool:
        """Whether mail goes to a relay on this machine, which sends it on."""
        return self.relay == "localhost" or _is_loopback(self.relay)


def read_sender() -> Sender:
    """Read the settings."""
    return Sender(
        domain=_domain(settings.DIGEST_FROM),
        reply_domain=_domain(settings.DIGEST_REPLY_TO),
        provider=settings.EMAIL_PROVIDER,
        relay="" if settings.EMAIL_PROVIDER else settings.EMAIL_HOST,
        addresses=tuple(settings.DIGEST_SENDING_ADDRESSES),
        selectors=tuple(settings.DIGEST_DKIM_SELECTORS),
    )


def _domain(mailbox: str) -> str:
    return punycode(parseaddr(mailbox)[1].rpartition("@")[2].lower())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
