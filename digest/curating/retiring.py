"""Curators retire a curated topic or merge it into another, and its readers are told.

A merge moves subscriptions with their settings and the leave links that were mailed.
What a reader had stays noted by paper, not by topic: nobody gets a paper twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts import services as accounts
from accounts.emails import one_line
from accounts.models import Notice, User
from digest.models import Mark, Subscription, Topic

Status = Subscription.Status


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many subscriptions moved, and how many readers are told by mail."""

    moved: int
    told: int


def readers_of(topic: Topic) -> QuerySet[User]:
    """Who follows a topic and gets digests: neither ended nor suppressed."""
    following = Subscription.objects.filter(
        topic=topic, user=OuterRef("pk"), status__in=[Status.ACTIVE, Status.PAUSED]
    )
    return User.objects.filter(
        Exists(following),
        ~accounts.suppressed_through("email_hmac", "digests"),
        is_active=True,
        schedule__ended_at__isnull=True,
        schedule__isnull=False,
    ).order_by("pk")


def retire(topic: Topic, words: str, *, now: datetime) -> Outcome:
    """Take a topic out of the offer; its readers get the curators' words.

    Their subscriptions stay, and bring papers again should it be restored.
    """
    with transaction.atomic():
        locked = Topic.objects.select_for_update().get(pk=topic.pk)
        if locked.is_retired:
            return Outcome(0, 0)
        told = _tell(Notice.Kind.TOPIC_RETIRED, locked, "", words, now)
        Topic.objects.filter(pk=topic.pk).update(is_retired=True, matched_at=None)
    return Outcome(0, told)


def merge_topics(topic: Topic, into: Topic, words: str, *, now: datetime) -> Outcome:
    """Retire a topic in favour of another, which its readers follow from now on.

    1. Who follows both keeps the other as it is; the row of the merged one ends.
    2. Who left the other some day is not subscribed to it again.
    3. All others follow it with the settings, the date and the links they had.
    4. What they said of papers for the one topic counts for the other.
    """
    with transaction.atomic():
        topics = Topic.objects.select_for_update().in_bulk([topic.pk, into.pk])
        if topics[topic.pk].is_retired or topics[into.pk].is_retired:
            return Outcome(0, 0)
        told = _tell(Notice.Kind.TOPIC_MERGED, topic, into.name, words, now)
        known = Subscription.objects.filter(topic=into, user=OuterRef("user"))
        rows = Subscription.objects.filter(topic=topic).exclude(status=Status.ENDED)
        rows.filter(Exists(known)).update(status=Status.ENDED, ended_at=now)
        moved = rows.update(topic=into)
        Mark.objects.filter(topic=topic).update(topic=into)
        Topic.objects.filter(merged_into=topic).update(merged_into=into)
        Topic.objects.filter(pk=topic.pk).update(
            is_retired=True, merged_into=into, matched_at=None
        )
    return Outcome(moved, told)


def restore(topic: Topic) -> None:
    """Offer a topic again; readers who were moved stay where they are."""
    Topic.objects.filter(pk=topic.pk).update(
        is_retired=False, merged_into=None, matched_at=None
    )


def _tell(kind: Notice.Kind, topic: Topic, into: str, words: str, now: datetime) -> int:
    """Queue one mail a reader, each in their language; how many there are."""
    value = f"{one_line(topic.name)}\n{one_line(into)}\n{words}"
    readers = readers_of(topic).values_list("email", "language")
    return accounts.queue_notices(kind, readers, value=value, now=now)
