"""What an address would give as a source, before it is one. Writes nothing."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from digest.pipeline.ingest import pace
from digest.sources import sandbox
from digest.sources.discovery import FoundFeed, find_feeds
from digest.sources.entry import NotAFeed, Parsed
from digest.sources.fetch import fetch
from digest.sources.kinds import KINDS, kind_of


@dataclass(frozen=True, slots=True)
class Preview:
    """What an address holds: papers, or a web page that names feeds.

    `kind` is the name of the kind that reads it. `parsed` is None for a web page;
    `feeds` are those that it names. `moved_to` is the address that it has for good
    now, "" if it has not moved.
    """

    kind: str
    parsed: Parsed | None
    feeds: tuple[FoundFeed, ...] = ()
    moved_to: str = ""


def preview_source(address: str, *, now: datetime) -> Preview:
    """Ask the address once, as its kind is asked, and read the answer.

    Raises:
        SourceError: it may not be fetched, does not answer, or holds neither
            papers nor the addresses of feeds. The text says which.
    """
    kind = kind_of(address)
    asked = KINDS[kind].urls_for_days(address, [now.date()])[-1]
    pace.wait_for_turn(kind)
    fetched = fetch(
        asked,
        user_agent=f"Paperboy/0.1 (+{settings.SITE_URL})",
        allow_private=settings.DIGEST_FETCH_ALLOW_PRIVATE,
    )
    # The address of one day's list is nothing to keep.
    has_moved = asked == address and fetched.url != asked
    moved_to = fetched.url if has_moved else ""
    found = Preview(kind, None, moved_to=moved_to)
    try:
        parsed = sandbox.parse(
            kind,
            fetched.body,
            content_type=fetched.content_type,
            today=now.date(),
        )
    except NotAFeed:
        feeds = find_feeds(fetched.body, fetched.url)
        if not feeds:
            raise
        return replace(found, feeds=tuple(feeds))
    return replace(found, parsed=parsed)
