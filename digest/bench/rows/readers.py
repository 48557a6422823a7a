"""Readers with schedules and subscriptions."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User, parse_address
from digest import links
from digest.models import Schedule, Subscription, Topic
from digest.models.bulk import insert_new

_AT_ONCE = 10_000
_SINCE = timedelta(days=100)


def store_readers(
    wishes: Sequence[Sequence[Topic]],
    *,
    now: datetime,
    next_due_at: datetime,
    first: int = 0,
) -> list[User]:
    """Write one confirmed reader for each of the wishes, subscribed to its topics.

    `first`: the number of the first of them, after others were written.
    """
    readers: list[User] = []
    for start in range(0, len(wishes), _AT_ONCE):
        part = wishes[start : start + _AT_ONCE]
        with transaction.atomic():
            readers += _store(part, first + start, now, next_due_at)
    return readers


def _store(
    wishes: Sequence[Sequence[Topic]], start: int, now: datetime, next_due_at: datetime
) -> list[User]:
    users = [_make_user(start + place, now) for place in range(len(wishes))]
    insert_new(users)
    insert_new([_make_schedule(user, now, next_due_at) for user in users])
    insert_new(
        [
            Subscription(
                user_id=user.pk,
                topic_id=topic.pk,
                started_at=now - _SINCE,
                leave_token=links.new_token(),
            )
            for user, topics in zip(users, wishes, strict=True)
            for topic in topics
        ]
    )
    return users


def _make_user(number: int, now: datetime) -> User:
    user = User(confirmed_at=now - _SINCE)
    user.set_address(parse_address(f"reader{number}@readers.example.org"))
    # Nobody signs in here, and a password that is unusable takes its time to make.
    user.password = "!"  # noqa: S105
    return user


def _make_schedule(user: User, now: datetime, next_due_at: datetime) -> Schedule:
    return Schedule(
        user_id=user.pk,
        next_due_at=next_due_at,
        unsubscribe_token=links.new_token(),
        manage_token=links.new_token(),
        feedback_token=links.new_token(),
        created_at=now - _SINCE,
    )
