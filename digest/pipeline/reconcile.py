"""Beside the stages: find what is due, late or lost, from the rows alone.

The sweep calls this each minute. Whatever message the broker lost, the next sweep
finds its work again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.models import (
    Delivery,
    Heartbeat,
    Schedule,
    Source,
    Submission,
    Topic,
)
from digest.pipeline import embed, gate, match, states, track
from digest.pipeline.match import search
from digest.pipeline.watch import heartbeats

SWEEP_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do now."""

    source_ids: tuple[int, ...]
    topic_ids: tuple[int, ...]
    paper_ids: tuple[int, ...]
    schedule_ids: tuple[int, ...]
    delivery_ids: tuple[int, ...]
    doubtful_ids: tuple[int, ...]
    has_papers_to_embed: bool
    has_papers_to_index: bool
    submission_ids: tuple[int, ...]


def find_work(*, now: datetime) -> Work:
    """Put right what was lost or is too late, and name what is due.

    1. Claims whose lease ended go back; hand-offs whose lease ended are UNCERTAIN,
       unless the provider has reported on the mail already. Those whose key it
       remembers may be handed over again.
    2. Deliveries that are too late fail, and their papers are free again. What is due
       then holds sending if it looks like a restored copy, and so do complaints.
    3. The next source to fetch, if none is being fetched: one after another, so
       that a slow one leaves the other workers free.
    4. Topics to match, papers to embed and to index, proposals to look up, digests to
       plan, deliveries to render or send.
    """
    states.recover_lost(now)
    track.settle_reported(now=now)
    states.expire(now)
    gate.hold_if_suspicious(now=now)
    gate.hold_if_complained(now=now)
    heartbeats.leave(heartbeats.SWEEP, now=now)
    to_look_up = Submission.objects.to_look_up(now)
    waiting = Delivery.objects.filter(
        state__in=[Delivery.State.PLANNED, Delivery.State.QUEUED],
        next_attempt_at__lte=now,
        held_at__isnull=True,
    ).order_by("next_attempt_at")
    return Work(
        next_source(now=now),
        tuple(Topic.objects.unmatched().values_list("pk", flat=True)),
        match.waiting_papers(now=now),
        tuple(Schedule.objects.due(now).values_list("pk", flat=True)[:SWEEP_LIMIT]),
        tuple(waiting.values_list("pk", flat=True)[:SWEEP_LIMIT]),
        tuple(states.askable(now).values_list("pk", flat=True)[:SWEEP_LIMIT]),
        embed.has_waiting_papers(),
        search.has_papers_to_index(),
        tuple(to_look_up.values_list("pk", flat=True)[:SWEEP_LIMIT]),
    )


def was_swept(within: timedelta, *, now: datetime) -> bool:
    """Whether a sweep began within that time; one of the future does not count."""
    lately = Heartbeat.objects.filter(
        name=heartbeats.SWEEP, beat_at__range=(now - within, now)
    )
    return lately.exists()


def next_source(*, now: datetime) -> tuple[int, ...]:
    """Id of the source that has waited longest; none while another is being fetched."""
    if Source.objects.being_fetched(now).exists():
        return ()
    due = Source.objects.due(now).order_by("next_fetch_at", "pk")
    return tuple(due.values_list("pk", flat=True)[:1])
