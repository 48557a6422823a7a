"""What a source is called when nobody has named it yet."""

from collections.abc import Container
from itertools import chain, count
from urllib.parse import urlsplit

from django.utils.text import slugify

from digest.sources.text import NAME_LENGTH, one_line

SLUG_LENGTH = 50
_NUMBER_LENGTH = 5


def suggest_name(title: str, address: str) -> str:
    """The feed's own title, else the host of its address, which has been checked."""
    return one_line(title, NAME_LENGTH) or urlsplit(address).hostname or ""


def suggest_slug(name: str, taken: Container[str]) -> str:
    """A short name made of the name, with a number if it is taken."""
    longest = SLUG_LENGTH - _NUMBER_LENGTH
    stem = slugify(name.replace(".", "-"))[:longest].strip("-_") or "feed"
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(slug for slug in chain([stem], numbered) if slug not in taken)
