"""Opaque tokens and signed form tokens; each purpose has a salt of its own."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare

TOKEN_BYTES = 18  # 144 bits, 24 characters
_SHAPE = re.compile(r"[A-Za-z0-9_-]{22,64}")

FORM_SALT = "accounts.form-token"
MIN_FORM_AGE = timedelta(seconds=2)
MAX_FORM_AGE = timedelta(days=1)


def make_token() -> str:
    """Make a token for a link: URL-safe, 144 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_well_formed(token: str) -> bool:
    """Tell whether a text could be a token at all, before any table is asked."""
    return bool(_SHAPE.fullmatch(token))


def matches(given: str, expected: str) -> bool:
    """Compare two tokens in constant time."""
    return constant_time_compare(given, expected)


def make_form_token(now: datetime) -> str:
    """Sign the moment at which a form was shown."""
    return signing.dumps(now.timestamp(), salt=FORM_SALT)


def is_form_token_good(token: str, now: datetime) -> bool:
    """A person took between two seconds and a day; a program mostly does not."""
    try:
        shown = float(signing.loads(token, salt=FORM_SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return False
    age = timedelta(seconds=now.timestamp() - shown)
    return MIN_FORM_AGE <= age <= MAX_FORM_AGE
