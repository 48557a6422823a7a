"""Metrics of sending: what waits, what became of a day's mails, what came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet
from prometheus_client.metrics_core import Metric

from accounts import services as accounts
from digest.health.metrics.family import gauge, gauges
from digest.health.metrics.kept import keep
from digest.models import Attempt, Delivery, Schedule, SendingHold
from digest.pipeline.gate.complaints import WATCHED, measure

State = Delivery.State

OPEN = (State.PLANNED, State.QUEUED, State.CLAIMED, State.HANDOFF, State.UNCERTAIN)
ENDED = (State.ACCEPTED, State.FAILED, State.SKIPPED)

DAY, HOUR, MOMENT = timedelta(days=1), timedelta(hours=1), timedelta(minutes=5)

MOST_ATTEMPTS = 10_000
"""So many of the latest are looked at, however many an hour has."""

DAY_KEPT, WEEK_KEPT = 60, 300
"""Seconds for which the counts of a day, and those of a week and of all, are kept."""


def collect(now: datetime) -> Iterator[Metric]:
    """These families, with some ten queries; those that take longest are kept."""
    yield from _waiting(now)
    yield from _attempts(now)
    yield from _returns(now)
    day = Delivery.objects.filter(state__in=ENDED, next_attempt_at__gt=now - DAY)
    yield gauges(
        "deliveries_day",
        "Deliveries of the last 24 hours, by where they ended.",
        "state",
        dict.fromkeys(map(str, ENDED), 0)
        | keep("day", DAY_KEPT, lambda: _by_state(day)),
    )
    readers = Schedule.objects.filter(ended_at=None, user__is_active=True)
    yield gauge(
        "readers",
        "People who get digests.",
        keep("readers", WEEK_KEPT, readers.count),
    )


def _waiting(now: datetime) -> Iterator[Metric]:
    yield gauges(
        "deliveries_open",
        "Deliveries that have not ended, or whose end is in doubt.",
        "state",
        dict.fromkeys(map(str, OPEN), 0)
        | _by_state(Delivery.objects.filter(state__in=OPEN)),
    )
    due = Delivery.objects.filter(
        state__in=[State.PLANNED, State.QUEUED], next_attempt_at__lte=now
    ).aggregate(count=Count("pk"), oldest=Min("next_attempt_at"))
    waited = (now - due["oldest"]).total_seconds() if due["oldest"] else 0.0
    yield gauge("queue_depth", "Deliveries whose time has come.", due["count"])
    yield gauge("queue_age_seconds", "How long the oldest of them waits.", waited)
    yield gauge(
        "digests_due",
        "Readers to plan a digest for.",
        Schedule.objects.due(now).count(),
    )
    waiting = [*accounts.unsent_signups(now), *accounts.unsent_notices(now)]
    yield gauge("account_mails_due", "Confirmations, codes and notes.", len(waiting))
    holds = SendingHold.objects.filter(released_at=None).count()
    yield gauge("holds", "Open holds on sending.", holds)


def _attempts(now: datetime) -> Iterator[Metric]:
    latest = Attempt.objects.order_by("-pk").values_list("started_at", "outcome")
    rows = [row for row in latest[:MOST_ATTEMPTS] if row[0] > now - HOUR]
    counts = Counter(outcome or "open" for _at, outcome in rows)
    yield gauges(
        "attempts_hour",
        f"The last hour's tries to hand over, the latest {MOST_ATTEMPTS} at most.",
        "outcome",
        {"accepted": 0, "queued": 0, "failed": 0, "uncertain": 0, "lost": 0} | counts,
    )
    accepted = [
        at for at, outcome in rows if outcome == State.ACCEPTED and at > now - MOMENT
    ]
    # Where not even a moment's tries are among the latest, they span less than it.
    is_cut = len(rows) == MOST_ATTEMPTS and rows[-1][0] > now - MOMENT
    span = now - rows[-1][0] if is_cut else MOMENT
    rate = len(accepted) / max(span.total_seconds(), 1.0)
    yield gauge("sent_per_second", "Accepted, over the last five minutes.", rate)


def _returns(now: datetime) -> Iterator[Metric]:
    rates = keep("week", WEEK_KEPT, lambda: measure(now - WATCHED))
    yield gauge("week_accepted", "Mails accepted in seven days.", rates.accepted)
    yield gauge("week_complaints", "Of these, complained of.", rates.complained)
    yield gauge("week_bounces", "Of these, come back.", rates.bounced)
    yield gauge("complaint_ratio", "Share of complaints.", rates.complaints)
    yield gauge("bounce_ratio", "Share of bounces.", rates.bounces)


def _by_state(rows: QuerySet[Delivery]) -> dict[str, int]:
    # Counted so, the index has all that is asked for.
    counted = rows.order_by().values_list("state").annotate(count=Count("*"))
    return dict(counted)
