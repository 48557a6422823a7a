"""Sources at a feed server on this computer, and how tests ask them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from digest.models import Source
from digest.pipeline.ingest import Ingested, ingest_source
from tests.conftest import NOW
from tests.digest.pipeline.documents import Listed, rss
from tests.digest.sources.servers import Answer, FeedServer, serving
from tests.factories import make_source

TODAY = NOW.date()
FEED = rss(TODAY, Listed("2604.00001"))
OK: Answer = (200, {"Content-Type": "application/rss+xml"}, FEED)
BROKEN: Answer = (500, {}, b"")


@contextmanager
def feed_server(settings: Any) -> Iterator[FeedServer]:
    """A feed on this computer, which the settings allow to be fetched."""
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True
    with serving({"/rss": OK}) as running:
        yield running


def source_at(server: FeedServer, **fields: Any) -> Source:
    """A source whose address is the server's feed, due now."""
    return make_source(
        **{"address": f"{server.url}/rss", "next_fetch_at": NOW, **fields}
    )


def fetch(source: Source, at: datetime = NOW) -> Ingested:
    """Ask the source when it is due, and read its row anew."""
    Source.objects.filter(pk=source.pk).update(next_fetch_at=at)
    result = ingest_source(source.pk, now=at)
    source.refresh_from_db()
    return result
