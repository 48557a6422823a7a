"""What the digest app holds of a person: handed out, or erased, on their wish."""

from datetime import datetime
from typing import Any

from accounts.models import User
from digest.models import Digest, DigestItem, Schedule, Subscription, Topic
from digest.pipeline import states


def export_reader(user: User) -> dict[str, Any]:
    """Schedule, topics, subscriptions and every digest with its papers."""
    return {
        "schedule": list(
            Schedule.objects.filter(user=user).values(
                "cadence",
                "weekday",
                "hour",
                "zone",
                "max_papers",
                "paused_until",
                "ended_at",
                "language",
                "created_at",
            )
        ),
        "subscriptions": list(
            Subscription.objects.filter(user=user).values(
                "topic__name", "status", "started_at", "ended_at"
            )
        ),
        "personal_topics": list(
            Topic.objects.filter(owner=user).values("name", "query", "created_at")
        ),
        "digests": [
            {
                "cadence": digest.cadence,
                "period": digest.period_key,
                "due_at": digest.due_at,
                "status": digest.status,
                "reason": digest.reason,
                "papers": _papers(digest),
            }
            for digest in Digest.objects.filter(user=user).order_by("due_at")
        ],
    }


def _papers(digest: Digest) -> list[dict[str, Any]]:
    items = DigestItem.objects.filter(digest=digest).order_by("position")
    return list(
        items.values("paper__canonical_id", "paper__title", "is_in_mail", "released_at")
    )


def erase_reader(user: User, now: datetime) -> None:
    """Stop what is planned; rows kept for the counts lose their link to the person.

    Deleting the person then takes schedule, topics and subscriptions along; digests
    and items stay, with nobody's name on them.
    """
    states.cancel_waiting(user.pk, "the reader was erased", now)
