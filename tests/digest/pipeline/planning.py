"""Readers whose digest is due, and what a plan brought them."""

from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from digest.models import Delivery, Digest, DigestItem, Subscription, Topic
from digest.pipeline import plan
from tests.factories import NOW, make_match, make_paper, make_reader

SEVEN = datetime(2026, 11, 20, 7, tzinfo=UTC)
"""When a reader's daily digest of `TODAY` is due; at `NOW` it is five hours late."""


def due_reader(*topics: Topic, email: str = "", **schedule: Any) -> User:
    """A reader in UTC whose digest at 7:00 is due."""
    return make_reader(email, *topics, **{"next_due_at": SEVEN, **schedule})


def plan_one(schedule_id: int, *, now: datetime) -> int | None:
    """Plan the digest of one reader; its delivery's id, if there is one."""
    return next(iter(plan.plan_digests([schedule_id], now=now)), None)


def plan_for(user: User, now: datetime = NOW) -> Delivery | None:
    """Plan the reader's digest; the delivery, if there is one."""
    delivery_id = plan_one(user.schedule.pk, now=now)
    return Delivery.objects.get(pk=delivery_id) if delivery_id else None


def papers_for(topic: Topic, *titles: str, **paper: Any) -> None:
    """Papers that the topic matches, the first one best."""
    for place, title in enumerate(titles):
        make_match(topic, make_paper(title, **paper), score=2.0 - place / 100)


def titles(user: User, *, is_in_mail: bool = True) -> list[str]:
    """What the reader's digests hold, in order."""
    items = DigestItem.objects.filter(user=user, is_in_mail=is_in_mail)
    return list(
        items.order_by("digest__pk", "position").values_list("paper__title", flat=True)
    )


def outcomes(user: User) -> list[tuple[str, str]]:
    """Period and reason ("" for one that is planned) of each digest."""
    return list(
        Digest.objects.filter(user=user)
        .order_by("due_at", "pk")
        .values_list("period_key", "reason")
    )


def topics_of(user: User) -> set[str]:
    """Slugs of the topics the reader follows now."""
    active = Subscription.objects.active().filter(user=user)
    return set(active.values_list("topic__slug", flat=True))
