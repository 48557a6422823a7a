"""One request to arXiv at a time, over all workers that share the database.

arXiv's terms: at most one request in three seconds, over all machines together.
"""

import time
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Now

from digest.models import Heartbeat

SHARED_NAME = "request to arXiv"


def wait_for_turn(kind: str) -> None:
    """Return when a request to a source of this kind may start; the turn is taken.

    The row is moved on by compare-and-swap with the database's clock, so that
    workers on several hosts take turns.
    """
    if not kind.startswith("arxiv_"):
        return
    _, is_new = Heartbeat.objects.get_or_create(
        name=SHARED_NAME, defaults={"beat_at": Now()}
    )
    while not is_new and not _take_turn():
        time.sleep(0.5)


def _take_turn() -> bool:
    interval = timedelta(seconds=settings.DIGEST_ARXIV_INTERVAL_SECONDS)
    is_over = Q(beat_at__lte=Now() - interval)
    # A clock that was put back would else be waited for.
    is_from_the_future = Q(beat_at__gt=Now() + interval)
    turns = Heartbeat.objects.filter(is_over | is_from_the_future, name=SHARED_NAME)
    return bool(turns.update(beat_at=Now()))
