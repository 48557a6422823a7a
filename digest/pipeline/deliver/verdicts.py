"""From the transport's verdict to the delivery's next state."""

from datetime import datetime

from accounts import services as accounts
from digest.models import Delivery, SendingHold
from digest.pipeline import states
from digest.pipeline.states import Claim, State
from digest.transports import Outcome, Verdict


def record(taken: Claim, delivery: Delivery, verdict: Verdict, now: datetime) -> str:
    """Write the verdict down; return the state the delivery is in then.

    A verdict of a claim that no longer holds is kept in the attempt's log alone:
    whoever took the delivery over decides.
    """
    start = State(Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk))
    end, values = _decide(delivery, verdict, now)
    states.finish(
        taken,
        start,
        end,
        detail=verdict.evidence,
        phase=verdict.phase,
        now=now,
        **values,
    )
    if verdict.outcome == Outcome.QUEUE_PROBLEM:
        hold_sending(f"The transport refused us: {verdict.evidence}"[:300], now)
    return Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)


def _decide(
    delivery: Delivery, verdict: Verdict, now: datetime
) -> tuple[State, dict[str, object]]:
    reason = verdict.evidence[:200] or str(verdict.outcome)
    match verdict.outcome:
        case Outcome.ACCEPTED:
            return State.ACCEPTED, {
                "evidence": verdict.evidence or verdict.provider_id,
                "provider_id": verdict.provider_id,
                "settled_at": now,
            }
        case Outcome.UNCERTAIN:
            return State.UNCERTAIN, {"reason": reason}
        case Outcome.PERMANENT:
            return State.FAILED, {"reason": reason, "settled_at": now}
        case Outcome.ABORTED:
            return _decide_aborted(delivery, now)
        case Outcome.TEMPORARY | Outcome.QUEUE_PROBLEM:
            again = states.next_attempt(
                delivery.attempt_count, now, verdict.retry_after_seconds
            )
            return State.QUEUED, {"reason": reason, "next_attempt_at": again}


def _decide_aborted(
    delivery: Delivery, now: datetime
) -> tuple[State, dict[str, object]]:
    """The hand-off did not start: the reader left, or sending is on hold."""
    if SendingHold.objects.filter(released_at__isnull=True).exists():
        again = states.next_attempt(delivery.attempt_count, now, None)
        return State.QUEUED, {"reason": "sending is on hold", "next_attempt_at": again}
    user = delivery.digest.user
    if user and accounts.is_suppressed(user.email, scope="digests"):
        reason = "suppressed"
    else:
        reason = "the reader left or paused"
    return State.SKIPPED, {"reason": reason, "settled_at": now}


def hold_sending(reason: str, now: datetime) -> None:
    """Stop all hand-offs until an operator releases the hold. Marks nobody."""
    SendingHold.objects.get_or_create(
        reason=reason, released_at=None, defaults={"held_at": now}
    )
