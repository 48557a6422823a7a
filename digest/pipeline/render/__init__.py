"""Stage 4: from planned digests to the mails' content. No network.

What many readers share is rendered once, as an Edition made of fragments; what is one
reader's own is filled in when the bytes are made.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import translation

from digest.models import Delivery
from digest.pipeline import states
from digest.pipeline.render.content import Frame, Reading, read_items
from digest.pipeline.render.edition import Draft, draft, store
from digest.pipeline.render.mails import Mails, build_message
from digest.pipeline.render.message import Rendered

logger = logging.getLogger(__name__)

__all__ = ["Mails", "Rendered", "build_message", "render_deliveries"]


def render_deliveries(delivery_ids: Sequence[int], *, now: datetime) -> set[int]:
    """Give planned deliveries their editions, and queue them.

    A template that fails takes down one digest alone: it is FAILED, with the reason,
    and its papers are free for the next one. Returns the ids of those that are queued.
    """
    planned = Delivery.objects.filter(
        pk__in=delivery_ids, state=Delivery.State.PLANNED
    ).select_related("digest__user__schedule")
    deliveries = list(planned)
    if not deliveries:
        return set()
    if not settings.DIGEST_POSTAL_ADDRESS:
        # Bulk mail must name it. The deliveries wait, and expire if nobody sets it.
        logger.error("DIGEST_POSTAL_ADDRESS is empty: no digest is sent.")
        return set()
    failures: dict[int, str] = {}
    drafts = _draft(deliveries, failures)
    with transaction.atomic():
        queued = _queue(drafts, now)
    for delivery in deliveries:
        if delivery.pk in failures:
            states.fail_rendering(delivery, failures[delivery.pk], now)
    return queued


def _draft(
    deliveries: Sequence[Delivery], failures: dict[int, str]
) -> dict[int, Draft]:
    reading = Reading(read_items([delivery.digest_id for delivery in deliveries]))
    drafts = {}
    for delivery in deliveries:
        digest = delivery.digest
        frame = Frame(digest.cadence, digest.due_at, digest.zone, digest.coverage)
        try:
            with translation.override(digest.reader.schedule.language):
                drafts[delivery.pk] = draft(reading, digest.pk, frame)
        except DatabaseError:
            raise  # says nothing about this mail; the next sweep tries again
        except Exception as error:  # noqa: BLE001  a poison paper must fail alone
            failures[delivery.pk] = f"{type(error).__name__}: {error}"
    return drafts


def _queue(drafts: dict[int, Draft], now: datetime) -> set[int]:
    by_key = store(drafts.values(), now=now)
    return states.queue_rendered(
        [(pk, by_key[each.edition.key]) for pk, each in drafts.items()]
    )
