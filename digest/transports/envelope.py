"""Who a message is from and for, as the mail server is told."""

from dataclasses import dataclass
from email.utils import getaddresses

from django.core.mail import EmailMessage
from django.utils.encoding import punycode


@dataclass(frozen=True)
class Envelope:
    """Two bare ASCII addresses."""

    sender: str
    recipient: str


def read_envelope(message: EmailMessage) -> Envelope:
    """Take the addresses of a message.

    Raises ValueError if there is not exactly one recipient (a digest must never
    show one reader's address to another) or an address cannot be sent to.
    """
    recipients = message.recipients()
    if len(recipients) != 1:
        raise ValueError(f"the message has {len(recipients)} recipients, not one")
    return Envelope(_read_address(message.from_email), _read_address(recipients[0]))


def _read_address(text: str) -> str:
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
