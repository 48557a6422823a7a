"""Which addresses may sign up, and how one is shown to others: normalise and mask."""

from __future__ import annotations

from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import (
    Address,
    AddressError,
    email_hmac,
    email_hmacs,
    parse_address,
)

__all__ = ["AddressError", "email_hmac", "email_hmacs", "mask", "normalise"]

# A shorter word would be readable whole from its two ends.
MIN_MASKED = 3
# RFC 2142 mailboxes, and those that no person reads.
ROLE_NAMES = frozenset(
    {
        "abuse",
        "bounce",
        "bounces",
        "daemon",
        "do-not-reply",
        "donotreply",
        "ftp",
        "hostmaster",
        "mailer-daemon",
        "news",
        "no-reply",
        "nobody",
        "noc",
        "noreply",
        "null",
        "postmaster",
        "root",
        "security",
        "spam",
        "unsubscribe",
        "usenet",
        "uucp",
        "webmaster",
        "www",
    }
)


def normalise(text: str) -> Address:
    """Read the address of a person who signs up.

    Raises AddressError with a translated sentence for text that is no address, for
    role addresses (nobody can consent for postmaster@) and for the service's own.
    """
    try:
        address = parse_address(text)
    except AddressError as error:
        raise AddressError(
            _("This is not an e-mail address that mail can reach.")
        ) from error
    if address.email.partition("@")[0].partition("+")[0] in ROLE_NAMES:
        raise AddressError(
            _("This address belongs to a role, not to a person. Please use your own.")
        )
    if address.key in _own_keys():
        raise AddressError(_("This is the address that the mails come from."))
    return address


def _own_keys() -> set[str]:
    keys = set()
    for mailbox in (settings.DIGEST_FROM, settings.DIGEST_REPLY_TO):
        # On one's own machine the sender may be papers@127.0.0.1, which nobody types.
        with suppress(AddressError):
            keys.add(parse_address(parseaddr(mailbox)[1]).key)
    return keys


def mask(email: str) -> str:
    """Show enough to recognise one's own address: `a…e@e…e.org`."""
    local, _at, domain = email.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    return f"{_mask_word(local)}@{_mask_word(name)}{dot}{ending}"


def _mask_word(word: str) -> str:
    if len(word) < MIN_MASKED:
        return "…"
    return f"{word[0]}…{word[-1]}"
