"""The one normalised form of an e-mail address, and its keyed hash.

The same form is used for every look-up and for every unique index, so two ways of
writing one mailbox can never become two people (or two mails).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.utils.encoding import force_bytes
from email_validator import EmailNotValidError, validate_email

# Google ignores dots and everything after a plus sign; others may not.
GOOGLE_DOMAINS = frozenset({"gmail.com", "googlemail.com"})
MAX_LENGTH = 254


@dataclass(frozen=True)
class Address:
    """A mailbox: `email` is written to, `key` is looked up and kept unique."""

    email: str
    key: str

    @property
    def domain(self) -> str:
        """Domain in its ASCII (punycode) form."""
        return self.email.rpartition("@")[2]


class AddressError(ValueError):
    """The text is not an address that mail could reach."""


def parse_address(text: str) -> Address:
    """Read one address; raises AddressError. Nothing is looked up in the network.

    The domain becomes punycode, both sides are case-folded. A local part that is not
    ASCII is refused: few mail systems accept it.
    """
    try:
        found = validate_email(
            text.strip(" \t"),
            allow_smtputf8=False,
            strict=True,  # no more than the 64 octets of RFC 5321 before the @
            check_deliverability=False,
        )
    except EmailNotValidError as error:
        raise AddressError(str(error)) from error
    local, domain = found.local_part.casefold(), found.ascii_domain.casefold()
    email = f"{local}@{domain}"
    if len(email) > MAX_LENGTH:
        raise AddressError(f"An address has at most {MAX_LENGTH} characters.")
    return Address(email=email, key=_key(local, domain))


def _key(local: str, domain: str) -> str:
    if domain not in GOOGLE_DOMAINS:
        return f"{local}@{domain}"
    mailbox = local.partition("+")[0].replace(".", "")
    return f"{mailbox}@gmail.com"


def _hash(key: str, secret: str | bytes) -> str:
    return hmac.new(
        b"accounts.address:" + force_bytes(secret), key.encode(), hashlib.sha256
    ).hexdigest()


def _secrets() -> list[str | bytes]:
    own = getattr(settings, "DIGEST_ADDRESS_HASH_KEY", "")
    return [
        *([own] if own else []),
        settings.SECRET_KEY,
        *settings.SECRET_KEY_FALLBACKS,
    ]


def email_hmac(key: str) -> str:
    """Keyed hash (64 hex digits) under which a new row is written."""
    return _hash(key, _secrets()[0])


def email_hmacs(key: str) -> list[str]:
    """All hashes that an older row may carry: the current key first, then old ones."""
    return [_hash(key, secret) for secret in _secrets()]
