"""Lists of feeds (OPML): what one would bring, taken in as sources, and given out.

Nothing is fetched: a source that was made is due at once, and its first fetch tells
whether it is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.db import transaction

from digest.models import Source
from digest.pipeline.ingest.naming import suggest_name, suggest_slug
from digest.sources.address import check_url
from digest.sources.entry import SourceError
from digest.sources.kinds import kind_of
from digest.sources.opml import OpmlFeed, read_opml, write_opml

NOT_FETCHED = "sample"


class Fate(StrEnum):
    """What would become of a feed of the list."""

    NEW = "new"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class JudgedFeed:
    """A feed of a list, the kind it would be, its fate, and why it is refused."""

    feed: OpmlFeed
    kind: str
    fate: Fate
    reason: str = ""


def judge_list(data: bytes) -> list[JudgedFeed]:
    """Say of each feed of the list whether it would become a source. Writes nothing.

    Raises:
        NotAFeed: what `read_opml` refuses.
    """
    addresses = Source.objects.values_list("address", flat=True)
    known = {_key(address) for address in addresses}
    judged = []
    for feed in read_opml(data):
        judged.append(_judge(feed, known))
        known.add(_key(feed.url))
    return judged


def add_feeds(
    judged: Iterable[JudgedFeed], *, is_active: bool, now: datetime
) -> list[Source]:
    """Make a source of each new feed, due at once if it is active."""
    with transaction.atomic():
        taken = set(Source.objects.values_list("slug", flat=True))
        sources = []
        for one in judged:
            if one.fate != Fate.NEW:
                continue
            name = suggest_name(one.feed.title, one.feed.url)
            slug = suggest_slug(name, taken)
            taken.add(slug)
            sources.append(
                Source.objects.create(
                    slug=slug,
                    name=name,
                    kind=one.kind,
                    address=one.feed.url,
                    is_active=is_active,
                    next_fetch_at=now,
                )
            )
    return sources


def new_feeds(judged: Iterable[JudgedFeed]) -> bytes:
    """The new feeds of a list that was judged, as a list of their own."""
    return write_opml(one.feed for one in judged if one.fate == Fate.NEW)


def export_list() -> tuple[bytes, int]:
    """All sources that are fetched, active or not, as a list; and how many."""
    rows = Source.objects.exclude(kind=NOT_FETCHED).order_by("name", "pk")
    feeds = [OpmlFeed(name, url) for name, url in rows.values_list("name", "address")]
    return write_opml(feeds), len(feeds)


def _judge(feed: OpmlFeed, known: set[str]) -> JudgedFeed:
    kind = kind_of(feed.url)
    try:
        check_url(feed.url, allow_private=settings.DIGEST_FETCH_ALLOW_PRIVATE)
    except SourceError as error:
        return JudgedFeed(feed, kind, Fate.REFUSED, str(error))
    return JudgedFeed(feed, kind, Fate.KNOWN if _key(feed.url) in known else Fate.NEW)


def _key(address: str) -> str:
    """The address as one of those that mean the same."""
    try:
        return str(check_url(address, allow_private=True)).rstrip("/")
    except SourceError:
        return address
