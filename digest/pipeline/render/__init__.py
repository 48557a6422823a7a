"""Stage 4: from planned digests to the mails' content. No network.

What many readers share is rendered once, as an Edition made of fragments; what is one
reader's own is filled in when the bytes are made.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import translation

from digest.models import Delivery
from digest.models.digest import ErasedReaderError
from digest.pipeline import states
from digest.pipeline.render.content import Frame, Reading, count_items, read_items
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
    planned = _read(delivery_ids)
    if not planned:
        return set()
    if not settings.DIGEST_POSTAL_ADDRESS:
        # Bulk mail must name it. The deliveries wait, and expire if nobody sets it.
        logger.error("DIGEST_POSTAL_ADDRESS is empty: no digest is sent.")
        return set()
    failures: dict[int, str] = {}
    drafts = _draft(planned, failures)
    with transaction.atomic():
        queued = _queue(drafts, now)
    for delivery_id, reason in failures.items():
        states.fail_rendering(delivery_id, reason, now)
    return queued


class _Planned(NamedTuple):
    """A planned delivery; without a language, its reader was erased."""

    id: int
    digest_id: int
    cadence: str
    due_at: datetime
    zone: str
    coverage: str
    language: str | None


def _read(delivery_ids: Sequence[int]) -> list[_Planned]:
    rows = (
        Delivery.objects.filter(pk__any_of=delivery_ids, state=Delivery.State.PLANNED)
        .annotate(coverage=Cast("digest__coverage", TextField()))
        .values_list(
            "pk",
            "digest_id",
            "digest__cadence",
            "digest__due_at",
            "digest__zone",
            "coverage",
            "digest__user__schedule__language",
        )
    )
    return [_Planned(*row) for row in rows]


def _draft(planned: Sequence[_Planned], failures: dict[int, str]) -> dict[int, Draft]:
    ids = [each.digest_id for each in planned]
    reading = Reading(read_items(ids), count_items(ids))
    drafts = {}
    for each in planned:
        frame = Frame(each.cadence, each.due_at, each.zone, each.coverage)
        try:
            if each.language is None:
                raise ErasedReaderError("The reader of this digest was erased.")
            with translation.override(each.language):
                drafts[each.id] = draft(reading, each.digest_id, frame)
        except DatabaseError:
            raise  # says nothing about this mail; the next sweep tries again
        except Exception as error:  # noqa: BLE001  a poison paper must fail alone
            failures[each.id] = f"{type(error).__name__}: {error}"
    return drafts


def _queue(drafts: dict[int, Draft], now: datetime) -> set[int]:
    by_key = store(drafts.values(), now=now)
    return states.queue_rendered(
        [(pk, by_key[each.edition.key]) for pk, each in drafts.items()]
    )
