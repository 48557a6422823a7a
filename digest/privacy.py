"""What the digest app holds of a person: handed out, or erased, on their wish."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from accounts.addresses import email_hmacs
from accounts.models import User
from digest import links
from digest.models import (
    Attempt,
    CanonicalQuery,
    Delivery,
    DeliveryEvent,
    Digest,
    DigestItem,
    HiddenPaper,
    Mark,
    Mute,
    Paper,
    Pick,
    ReaderTrust,
    SavedPaper,
    Schedule,
    Submission,
    Subscription,
    Topic,
    Vote,
)
from digest.pipeline import states
from digest.reading import submitting, voting

SCHEDULE_FIELDS = (
    "cadence",
    "weekday",
    "month_day",
    "timing",
    "hour",
    "zone",
    "max_papers",
    "order",
    "explores",
    "paused_until",
    "ended_at",
    "next_due_at",
    "language",
    "created_at",
)
TOPIC_FIELDS = ("name", "query", "wish", "strictness", "is_retired", "created_at")
DELIVERY_FIELDS = ("state", "reason", "evidence", "dated_at", "settled_at")
ATTEMPT_FIELDS = ("number", "started_at", "phase", "outcome", "detail")
EVENT_FIELDS = ("provider", "event_type", "reject_reason", "happened_at", "received_at")

SUBMISSION_FIELDS = (
    "url",
    "title",
    "why",
    "credit",
    "state",
    "reply",
    "sent_at",
    "decided_at",
)

ERASED_ADDRESS = "…"


def export_reader(user: User) -> dict[str, Any]:
    """Schedule, topics, what was said of papers, digests with their papers; curating.

    A strictness counts from -2 (many more papers) to 2 (only the surest); none is
    the topic's own. A subscription without `max_papers` has no limit of its own.
    """
    return {
        "schedule": list(Schedule.objects.filter(user=user).values(*SCHEDULE_FIELDS)),
        "subscriptions": [
            {
                "topic": subscription.topic.name,
                "status": subscription.status,
                "strictness": subscription.strictness,
                "max_papers": subscription.max_papers,
                "started_at": subscription.started_at,
                "ended_at": subscription.ended_at,
            }
            for subscription in Subscription.objects.filter(user=user).select_related(
                "topic"
            )
        ],
        "personal_topics": [
            {
                **_fields(topic, TOPIC_FIELDS),
                "examples": [_named(example.paper) for example in topic.examples.all()],
            }
            for topic in Topic.objects.filter(owner=user).prefetch_related(
                "examples__paper"
            )
        ],
        **_said(user),
        "digests": [_digest(digest) for digest in _digests_of(user)],
        "picks": [
            {"paper": pick.paper.title, "day": pick.picked_on, "note": pick.note}
            for pick in Pick.objects.filter(curator=user).select_related("paper")
        ],
        "hidden_papers": [
            {"paper": hidden.paper.title, "reason": hidden.reason}
            for hidden in HiddenPaper.objects.filter(curator=user).select_related(
                "paper"
            )
        ],
    }


def _said(user: User) -> dict[str, Any]:
    """Marks, saved papers, mutes, votes and submissions."""
    marks = Mark.objects.filter(user=user).select_related("paper", "topic")
    saved = SavedPaper.objects.filter(user=user).select_related("paper")
    return {
        "marks": [
            {
                **_named(mark.paper),
                "verdict": mark.verdict,
                "topic": mark.topic.name if mark.topic else "",
                "made_at": mark.made_at,
            }
            for mark in marks
        ],
        "saved_papers": [
            {**_named(row.paper), "saved_at": row.saved_at, "read_at": row.read_at}
            for row in saved
        ],
        "votes": [
            {**_named(vote.paper), "made_at": vote.made_at}
            for vote in Vote.objects.filter(user=user).select_related("paper")
        ],
        "trust": list(
            ReaderTrust.objects.filter(user=user).values("level", "per_day", "note")
        ),
        "submissions": list(
            Submission.objects.filter(user=user).values(*SUBMISSION_FIELDS)
        ),
        "mutes": list(Mute.objects.filter(user=user).values("kind", "text", "made_at")),
    }


def _named(paper: Paper) -> dict[str, str]:
    return {"paper": paper.canonical_id, "title": paper.title, "url": paper.url}


def _digests_of(user: User) -> QuerySet[Digest]:
    return (
        Digest.objects.filter(user=user)
        .order_by("due_at", "pk")
        .select_related("delivery")
        .prefetch_related(
            "items__paper", "items__topic", "delivery__attempts", "delivery__events"
        )
    )


def _digest(digest: Digest) -> dict[str, Any]:
    return {
        "cadence": digest.cadence,
        "period": digest.period_key,
        "due_at": digest.due_at,
        "status": digest.status,
        "reason": digest.reason,
        "papers": [_item(item) for item in digest.items.all()],
        "delivery": _delivery(getattr(digest, "delivery", None)),
    }


def _item(item: DigestItem) -> dict[str, Any]:
    return {
        **_named(item.paper),
        "topic": item.topic.name if item.topic else "",
        "also_in": item.also_in,
        "evidence": item.evidence,
        "was_in_mail": item.is_in_mail,
        "was_outside_topics": item.is_outside,
        "was_beneath_another": item.beneath is not None,
        "was_picked": item.is_pick,
        "released_at": item.released_at,
    }


def _delivery(delivery: Delivery | None) -> dict[str, Any] | None:
    if delivery is None:
        return None
    return {
        **_fields(delivery, DELIVERY_FIELDS),
        "attempts": [_fields(row, ATTEMPT_FIELDS) for row in delivery.attempts.all()],
        "events": [_fields(row, EVENT_FIELDS) for row in delivery.events.all()],
    }


def _fields(row: Model, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def revoke_reader_links(user: User) -> None:
    """Give the reader new links to preferences and papers; those in old mails end.

    The links that unsubscribe or leave stay good: they can only stop mail.
    """
    Schedule.objects.filter(user=user).update(
        manage_token=links.new_token(), feedback_token=links.new_token()
    )


def erase_reader(user: User, now: datetime) -> None:
    """Stop what is planned; rows kept for the counts lose their link to the person.

    Deleting the person then takes schedule, topics and subscriptions along; digests
    and items stay, with nobody's name on them. Mail servers repeat addresses in
    their replies: there, too, the address goes.
    """
    states.cancel_waiting(user.pk, "the reader was erased", now)
    _forget_queries(user)
    voting.withdraw_all(user)
    submitting.forget(user)
    deliveries = Delivery.objects.filter(digest__user=user)
    _forget(deliveries, ("evidence", "reason"), user.email)
    _forget(Digest.objects.filter(user=user), ("again_why",), user.email)
    events = DeliveryEvent.objects.filter(address_hmac__in=email_hmacs(user.email_key))
    events.update(address_hmac="")
    _forget(Attempt.objects.filter(delivery__in=deliveries), ("detail",), user.email)


def _forget_queries(user: User) -> None:
    """Drop what the person's topics ask, unless somebody else asks the same."""
    others = Topic.objects.filter(canonical=OuterRef("pk")).exclude(owner=user)
    asked = CanonicalQuery.objects.filter(topics__owner=user)
    asked.exclude(Exists(others)).delete()


def _forget(rows: QuerySet[Any], names: Sequence[str], address: str) -> None:
    """Take the address, in any case, out of these texts."""
    for name in names:
        for row in rows.filter(**{f"{name}__icontains": address}):
            text = re.sub(
                re.escape(address), ERASED_ADDRESS, getattr(row, name), flags=re.I
            )
            setattr(row, name, text)
            row.save(update_fields=[name])
