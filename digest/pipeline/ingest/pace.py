"""One request per host and interval, over all workers that share the database.

arXiv's terms: at most one request in three seconds, over all machines together.
"""

import time
from datetime import timedelta
from urllib.parse import urlsplit

from django.db.models.functions import Now

from digest.models import Heartbeat

INTERVAL_SECONDS = {"rss.arxiv.org": 3, "export.arxiv.org": 3, "oaipmh.arxiv.org": 3}
SHARED_NAME = "request to arXiv"


def wait_for_turn(address: str) -> None:
    """Return when a request to the address may start; the turn is then taken.

    The row is moved on by compare-and-swap with the database's clock, so that
    workers on several hosts take turns.
    """
    seconds = INTERVAL_SECONDS.get(urlsplit(address).hostname or "")
    if seconds is None:
        return
    _, is_new = Heartbeat.objects.get_or_create(
        name=SHARED_NAME, defaults={"beat_at": Now()}
    )
    while not is_new and not _take_turn(seconds):
        time.sleep(0.5)


def _take_turn(seconds: int) -> bool:
    return bool(
        Heartbeat.objects.filter(
            name=SHARED_NAME, beat_at__lte=Now() - timedelta(seconds=seconds)
        ).update(beat_at=Now())
    )
