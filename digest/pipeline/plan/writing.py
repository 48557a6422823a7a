"""Digests, items and deliveries of many readers, written together."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from itertools import chain

from django.conf import settings

from digest.models import Cadence, Delivery, Digest, DigestItem, Schedule, Topic
from digest.models.bulk import insert_new, insert_values
from digest.pipeline.plan.choosing import Chosen
from digest.pipeline.plan.items import ITEM_FIELDS, item_values
from digest.pipeline.plan.rules import rule_of
from digest.schedule import Period


@dataclass(frozen=True, slots=True)
class Draft:
    """One reader's digest with what was chosen for it; nothing is stored yet."""

    digest: Digest
    chosen: Sequence[Chosen]
    expires_at: datetime


def write(drafts: Sequence[Draft], *, now: datetime) -> list[int]:
    """Write them: the delivery row is the queue. The ids of the deliveries.

    Call it inside a transaction.
    """
    digests = [draft.digest for draft in drafts]
    insert_new(digests)
    names = name_topics([draft.chosen for draft in drafts])
    items = (item_values(draft.digest, draft.chosen, names) for draft in drafts)
    insert_values(DigestItem, ITEM_FIELDS, chain.from_iterable(items))
    deliveries = [
        make_delivery(draft.digest, expires_at=draft.expires_at, now=now)
        for draft in drafts
    ]
    insert_new(deliveries)
    return [delivery.pk for delivery in deliveries]


def make_digest(
    schedule: Schedule,
    period: Period,
    cadence: Cadence,
    coverage: list[dict[str, object]],
    now: datetime,
) -> Digest:
    """The reader's digest of a period, not stored."""
    return Digest(
        user=schedule.user,
        cadence=cadence,
        period_key=period.key,
        due_at=period.due_at,
        zone=rule_of(schedule).zone,
        planned_at=now,
        status=Digest.Status.PLANNED,
        coverage=coverage,
    )


def name_topics(chosen: Iterable[Sequence[Chosen]]) -> dict[int, str]:
    """Names of the topics under which papers do not stand, but could."""
    also_in = {pk for items in chosen for item in items for pk in item.also_in}
    return dict(Topic.objects.filter(pk__in=also_in).values_list("pk", "name"))


def make_delivery(digest: Digest, *, expires_at: datetime, now: datetime) -> Delivery:
    """The digest's delivery, due at once, under an id of its own; not stored."""
    public_id = uuid.uuid4()
    return Delivery(
        digest=digest,
        public_id=public_id,
        message_id=f"<{public_id.hex}@{sending_domain()}>",
        next_attempt_at=now,
        expires_at=expires_at,
    )


def sending_domain() -> str:
    """Domain of the From address: the one that DMARC aligns with."""
    return parseaddr(settings.DIGEST_FROM)[1].rpartition("@")[2]
