"""System checks: what would go wrong at six in the morning is said at the start."""

from pathlib import Path
from typing import Any
from xml.parsers import expat

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004

from digest import meaning

SAFE_EXPAT = (2, 4, 1)

LONGEST_SITE_URL = 32
"""With the path of the one-click link it keeps the header on one line of 78."""


def check_postal_address(**_kwargs: Any) -> list[CheckMessage]:
    """Digests are refused without a postal address (CAN-SPAM, CASL)."""
    if settings.DIGEST_POSTAL_ADDRESS:
        return []
    return [
        Error(
            "DIGEST_POSTAL_ADDRESS is empty.",
            hint="Bulk mail must name the sender's postal address. Set it to one line.",
            id="digest.E001",
        )
    ]


def check_site_url(**_kwargs: Any) -> list[CheckMessage]:
    """A long SITE_URL folds the List-Unsubscribe header."""
    if len(settings.SITE_URL) <= LONGEST_SITE_URL:
        return []
    return [
        Warning(
            f"SITE_URL has {len(settings.SITE_URL)} characters.",
            hint=f"With more than {LONGEST_SITE_URL} the List-Unsubscribe header is "
            "folded over two lines, which some mail programs read wrongly.",
            id="digest.W001",
        )
    ]


def check_model(**_kwargs: Any) -> list[CheckMessage]:
    """A model that is asked for must be whole, and its libraries installed."""
    if not settings.DIGEST_MODEL_DIR:
        return []
    try:
        meaning.check_folder(Path(settings.DIGEST_MODEL_DIR))
    except meaning.ModelError as error:
        return [
            Error(
                f"DIGEST_MODEL_DIR is {settings.DIGEST_MODEL_DIR!r}, which cannot be "
                f"used. {error}",
                hint="Without DIGEST_MODEL_DIR, papers are matched by their words.",
                id="digest.E002",
            )
        ]
    return []


def check_expat(**_kwargs: Any) -> list[CheckMessage]:
    """Older parsers of XML expand entity bombs."""
    if expat.version_info >= SAFE_EXPAT:
        return []
    return [
        Error(
            f"This Python reads XML with {expat.EXPAT_VERSION}.",
            hint="Feeds are hostile input: use a Python with expat 2.4.1 or newer.",
            id="digest.E003",
        )
    ]


def register_all() -> None:
    """Register the checks with Django."""
    register(check_postal_address, Tags.security)
    register(check_site_url, Tags.urls)
    register(check_model)
    register(check_expat, Tags.security)
