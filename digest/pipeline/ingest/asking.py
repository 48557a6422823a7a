"""What a source answers over the network: its addresses, each asked politely.

An answer that was taken in is remembered by its validators, so that the next
request brings only what changed.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from digest.models import Source
from digest.pipeline.ingest import pace
from digest.sources import arxiv_api, sandbox
from digest.sources.entry import Parsed
from digest.sources.fetch import fetch
from digest.sources.kinds import KINDS

USUAL_DAYS = 2
"""Lists fill up during the day: what came late yesterday is taken in today."""

BACKFILL_DAYS = 7
"""How far the first fetch of a source that keeps its days goes back."""

TRUST_DAYS = 7
"""How long "unchanged" is believed before the whole feed is asked for again."""

LONGEST_ETAG, LONGEST_DATE = 200, 100
"""What the columns hold."""

NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered; `parsed` is None if nothing changed there.

    `url` is the address to ask next time.
    """

    parsed: Parsed | None
    url: str
    etag: str = ""
    last_modified: str = ""


def feed_day(source: Source, now: datetime) -> date:
    """The day a feed without a date of its own stands for, in the feed's zone."""
    zone = NEW_YORK if source.kind.startswith("arxiv_") else UTC
    return now.astimezone(zone).date()


def days_to_ask(source: Source, now: datetime, since: date | None = None) -> list[date]:
    """Today and yesterday; on a first fetch the last days; with `since` all from it."""
    today = feed_day(source, now)
    span = USUAL_DAYS if source.last_succeeded_at else BACKFILL_DAYS
    if since:
        # Where that day has not begun yet, the one before is the newest there is.
        span = max((today - since).days, 0) + 1
    return [today - timedelta(days=ago) for ago in reversed(range(span))]


def list_addresses(
    source: Source, now: datetime, since: date | None = None
) -> list[str]:
    """Where to fetch today; for a first fetch, or with `since`, earlier days too."""
    days = days_to_ask(source, now, since)
    addresses = KINDS[source.kind].urls_for_days(source.address, days)
    looks_back = since is not None or not source.last_succeeded_at
    is_arxiv = source.has_timetable and arxiv_api.is_feed(source.address)
    if is_arxiv and looks_back:
        # arXiv's feed holds one announcement; its search tells of those before.
        search = arxiv_api.search_of_feed(
            source.address, base_url=settings.DIGEST_ARXIV_API_URL
        )
        addresses += arxiv_api.urls_for_days(search, days)
    return addresses


def kind_at(source: Source, address: str) -> str:
    """How an address of the source is read: as its kind, or as arXiv's search."""
    is_search = address.partition("?")[0] == settings.DIGEST_ARXIV_API_URL
    return "arxiv_api" if is_search else source.kind


def ask(source: Source, address: str, now: datetime) -> Answer:
    """Fetch one address and parse what it answers.

    Raises:
        SourceError: it does not answer, or not with a feed of the source's kind.
    """
    etag, last_modified = _validators(source, address, now)
    pace.wait_for_turn(kind_at(source, address))
    fetched = fetch(
        address,
        user_agent=f"Paperboy/0.1 (+{settings.SITE_URL})",
        etag=etag,
        last_modified=last_modified,
        allow_private=settings.DIGEST_FETCH_ALLOW_PRIVATE,
    )
    if fetched.status == "unchanged":
        return Answer(None, fetched.url)
    # What the network brings is parsed in a child with limits on time and memory.
    parsed = sandbox.parse(
        kind_at(source, address),
        fetched.body,
        content_type=fetched.content_type,
        today=now.date(),
    )
    return Answer(parsed, fetched.url, fetched.etag, fetched.last_modified)


def remember(source: Source, address: str, answer: Answer) -> None:
    """Keep the validators of an answer that was taken in, if the columns hold them.

    A source that asks an address for each day has no single last answer.
    """
    if answer.parsed is None or address != source.address:
        return
    if not answer.parsed.is_whole:
        return  # what broke off must be asked for again, not "only if it changed"
    etag, last_modified = answer.etag, answer.last_modified
    source.etag = etag if len(etag) <= LONGEST_ETAG else ""
    source.last_modified = last_modified if len(last_modified) <= LONGEST_DATE else ""
    source.save(update_fields=["etag", "last_modified"])


def _validators(source: Source, address: str, now: datetime) -> tuple[str, str]:
    """ETag and Last-Modified of the last answer, while they can be trusted."""
    if address != source.address:
        return "", ""
    read_lately = source.batches.filter(
        received_at__gt=now - timedelta(days=TRUST_DAYS)
    ).exclude(content_hash="")
    return (source.etag, source.last_modified) if read_lately.exists() else ("", "")
