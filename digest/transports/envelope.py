"""Who a message is from and for, as the mail server is told."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import getaddresses
from functools import lru_cache

from django.utils.encoding import punycode

_BARE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+", re.ASCII)


@dataclass(frozen=True)
class Envelope:
    """Two bare ASCII addresses."""

    sender: str
    recipient: str


def read_envelope(sender: str, recipients: Sequence[str]) -> Envelope:
    """Take the addresses of a message.

    Raises ValueError if there is not exactly one recipient (a digest must never
    show one reader's address to another) or an address cannot be sent to.
    """
    if len(recipients) != 1:
        raise ValueError(f"the message has {len(recipients)} recipients, not one")
    return Envelope(_read_address(sender), _read_address(recipients[0]))


@lru_cache(maxsize=1024)
def _read_address(text: str) -> str:
    if _BARE.fullmatch(text):
        return text
    if "\r" in text or "\n" in text:
        raise ValueError(f"not one line: {text!r}")
    pairs = getaddresses([text])
    local, _, domain = pairs[0][1].rpartition("@")
    if len(pairs) != 1 or not local or not domain:
        raise ValueError(f"not one address: {text!r}")
    address = f"{local}@{punycode(domain)}"
    if not address.isascii():
        raise ValueError(f"not an ASCII address: {text!r}")
    return address
