"""What readers order: topics joined and left, digests ended and resumed.

Each change takes effect at once: what was planned for a reader who left, and is not
with the mail server yet, is cancelled in the same transaction.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.text import slugify

from accounts.models import User
from digest import links
from digest.models import Example, Paper, Schedule, Strictness, Subscription, Topic
from digest.pipeline import states
from digest.pipeline.plan import reschedule

MAX_PERSONAL_TOPICS = 30

MOST_EXAMPLES = 50
"""How many papers show what a topic wants."""

LEFT = "the reader left"


class TooManyTopicsError(Exception):
    """The reader has as many personal topics as one may have."""


def start(user: User, wishes: dict[str, Any], *, now: datetime) -> Schedule:
    """Give a confirmed person a schedule and the topics they ticked.

    `wishes` is what the sign-up form kept: `topics` (slugs), `zone` (IANA name).
    Unknown slugs are left out. For somebody who is known already, topics are added
    and ended digests begin again.
    """
    with transaction.atomic():
        schedule, _is_new = Schedule.objects.get_or_create(
            user=user,
            defaults={
                "zone": wishes.get("zone") or "UTC",
                "language": user.language,
                "unsubscribe_token": links.new_token(),
                "manage_token": links.new_token(),
                "feedback_token": links.new_token(),
                "created_at": now,
                "next_due_at": now,
            },
        )
        if schedule.ended_at:
            schedule.ended_at = None
            schedule.save(update_fields=["ended_at"])
        for topic in _wished(wishes.get("topics", [])):
            join(user, topic, now=now)
        reschedule(schedule, now=now)
    schedule.refresh_from_db()
    return schedule


def _wished(slugs: Collection[str]) -> QuerySet[Topic]:
    """The topics of these short names; of one that was merged, what took over."""
    merged = Topic.objects.filter(slug__in=slugs, owner=None).values("merged_into")
    return Topic.objects.public().filter(Q(slug__in=slugs) | Q(pk__in=merged))


def join(user: User, topic: Topic, *, now: datetime) -> Subscription:
    """Subscribe to a topic, or again after having left it."""
    subscription, is_new = Subscription.objects.get_or_create(
        user=user,
        topic=topic,
        defaults={"started_at": now, "leave_token": links.new_token()},
    )
    if not is_new and subscription.status != Subscription.Status.ACTIVE:
        subscription.status = Subscription.Status.ACTIVE
        subscription.started_at = now
        subscription.ended_at = None
        subscription.save(update_fields=["status", "started_at", "ended_at"])
    return subscription


def leave(subscription: Subscription, *, now: datetime) -> bool:
    """End one topic. Mails with its papers that have not left are cancelled."""
    with transaction.atomic():
        ended = bool(
            Subscription.objects.filter(pk=subscription.pk)
            .exclude(status=Subscription.Status.ENDED)
            .update(status=Subscription.Status.ENDED, ended_at=now)
        )
        states.cancel_waiting(
            subscription.user_id, LEFT, now, topic_id=subscription.topic_id
        )
    return ended


def set_topics(user: User, topic_ids: Collection[int], *, now: datetime) -> None:
    """Make these the reader's topics: join the new ones, leave the others.

    Only curated topics and the reader's own are taken; other ids are ignored.
    """
    allowed = Topic.objects.filter(pk__in=topic_ids, is_retired=False)
    wanted = {topic.pk: topic for topic in allowed if topic.owner_id in {None, user.pk}}
    with transaction.atomic():
        for subscription in Subscription.objects.active().filter(user=user):
            if subscription.topic_id not in wanted:
                leave(subscription, now=now)
        for topic in wanted.values():
            join(user, topic, now=now)


def end_all(schedule: Schedule, *, now: datetime) -> bool:
    """End all digests (RFC 8058 one-click). Again is harmless.

    Topics stay ticked, so that an undo brings everything back. Returns whether this
    call ended them.
    """
    with transaction.atomic():
        ended = bool(
            Schedule.objects.filter(pk=schedule.pk, ended_at__isnull=True).update(
                ended_at=now
            )
        )
        states.cancel_waiting(schedule.user_id, LEFT, now)
    return ended


def resume(schedule: Schedule, *, now: datetime) -> None:
    """Undo `end_all`, or begin again later: from the next due hour on."""
    with transaction.atomic():
        Schedule.objects.filter(pk=schedule.pk).update(ended_at=None)
        reschedule(schedule, now=now)


def add_personal_topic(
    user: User,
    *,
    name: str,
    query: str = "",
    wish: str = "",
    strictness: int = Strictness.USUAL,
    now: datetime,
) -> Subscription:
    """Make a topic of the reader's own, already checked, and subscribe to it.

    Raises:
        TooManyTopicsError: at 30 personal topics.
    """
    with transaction.atomic():
        own = Topic.objects.select_for_update().filter(owner=user, is_retired=False)
        if len(own) >= MAX_PERSONAL_TOPICS:
            raise TooManyTopicsError
        base = slugify(name)[:50] or "topic"
        topic = Topic.objects.create(
            slug=f"{base}-{links.new_token()[:8].lower()}",
            name=name,
            query=query,
            wish=wish,
            strictness=strictness,
            owner=user,
        )
        return join(user, topic, now=now)


def set_examples(topic: Topic, papers: Sequence[Paper], *, now: datetime) -> bool:
    """Make these, at most 50, the papers of which a topic wants more.

    Returns whether that changed anything: then the topic has to be matched anew.
    """
    wanted = dict.fromkeys(paper.work_id for paper in papers[:MOST_EXAMPLES])
    with transaction.atomic():
        held = set(topic.examples.values_list("paper_id", flat=True))
        topic.examples.exclude(paper__in=wanted).delete()
        Example.objects.bulk_create(
            (
                Example(topic=topic, paper_id=paper_id, added_at=now)
                for paper_id in wanted
                if paper_id not in held
            ),
            ignore_conflicts=True,
        )
    return held != set(wanted)


def remove_personal_topic(topic: Topic, *, now: datetime) -> None:
    """Retire a personal topic; mails that name it stay readable."""
    with transaction.atomic():
        for subscription in topic.subscriptions.all():
            leave(subscription, now=now)
        topic.is_retired = True
        topic.name = f"{topic.name[:60]} ({topic.pk})"
        topic.save(update_fields=["is_retired", "name"])
