"""Whether there is room where the service writes on this machine."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from digest.health.finding import Finding, fail, ok, warn

MEGABYTE = 1_000_000


def check(_now: datetime) -> Finding:
    """The fullest of the places decides."""
    place, free = min(free_space().items(), key=lambda found: found[1])
    limit = settings.DIGEST_LEAST_FREE_MB * MEGABYTE
    text = _("{place} has {free} MB left.").format(place=place, free=free // MEGABYTE)
    if free < limit:
        return fail(text, _advice())
    if free < 2 * limit:
        return warn(text, _advice())
    return ok(text)


def free_space() -> dict[str, int]:
    """Bytes that are left in each place that can be written to, by its path."""
    found: dict[str, int] = {}
    for place in _places():
        status = os.statvfs(_existing(place))
        if not status.f_flag & os.ST_RDONLY:
            found[str(place)] = status.f_bavail * status.f_frsize
    return found


def _places() -> set[Path]:
    places = {Path(tempfile.gettempdir()), Path(settings.VAR_DIR)}
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and Path(name).is_file():
        places.add(Path(name).parent)
    return places


def _existing(place: Path) -> Path:
    """The folder that this one would be made in."""
    return next(at for at in (place, *place.parents) if at.exists())


def _advice() -> str:
    return _(
        "Make room: below {limit} MB (DIGEST_LEAST_FREE_MB) a write may fail halfway."
    ).format(limit=settings.DIGEST_LEAST_FREE_MB)
