"""From the transport's verdict to the delivery's next state."""

import logging
import time
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection

from accounts import services as accounts
from digest.models import Delivery, SendingHold
from digest.pipeline import states
from digest.pipeline.states import Claim, State
from digest.transports import Outcome, Verdict

logger = logging.getLogger(__name__)

OUTAGE_SECONDS = (1, 2, 4, 8, 15, 30, 60)
"""Waits for a database that is away: together less than what a task's hard limit
leaves after the longest wait for a server."""


def record_in_spite_of_outages(
    taken: Claim, delivery: Delivery, verdict: Verdict, now: datetime
) -> str:
    """`record`, tried again while the database restarts or is locked.

    The mail may have gone: an answer that is not written down becomes a doubt. When
    this gives up, the lease ends and that doubt is what stays.
    """
    for seconds in OUTAGE_SECONDS:
        try:
            return record(taken, delivery, verdict, now)
        except (InterfaceError, OperationalError) as error:
            logger.warning("Delivery %s waits for the database: %s", delivery.pk, error)
            # Only a new connection recovers from a server that was restarted.
            connection.close()
            time.sleep(seconds)
    return record(taken, delivery, verdict, now)


def record(taken: Claim, delivery: Delivery, verdict: Verdict, now: datetime) -> str:
    """Write the verdict down; return the state the delivery is in then.

    A verdict of a claim that no longer holds is kept in the attempt's log alone:
    whoever took the delivery over decides.
    """
    end, values = _decide(delivery, verdict, now)
    states.finish(
        taken, end, detail=verdict.evidence, phase=verdict.phase, now=now, **values
    )
    if verdict.outcome == Outcome.QUEUE_PROBLEM:
        hold_sending(f"The transport refused us: {verdict.evidence}"[:300], now)
    return Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)


def _decide(
    delivery: Delivery, verdict: Verdict, now: datetime
) -> tuple[State, dict[str, object]]:
    reason = verdict.evidence[:200]
    match verdict.outcome:
        case Outcome.ACCEPTED:
            return State.ACCEPTED, {
                "evidence": verdict.evidence,
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
            return _again(delivery, reason, now, verdict.retry_after_seconds)


def _decide_aborted(
    delivery: Delivery, now: datetime
) -> tuple[State, dict[str, object]]:
    """The hand-off did not start: sending is on hold, or this reader is not to get it.

    Where neither is so, the claim ran out while the server made us wait.
    """
    if states.is_held():
        return _again(delivery, "sending is on hold", now)
    if states.is_wanted(delivery, now):
        return _again(delivery, "the claim ran out before the hand-off", now)
    user = delivery.digest.user
    if user and accounts.is_suppressed(user.email, scope="digests"):
        reason = "suppressed"
    else:
        reason = "the reader left or paused"
    return State.SKIPPED, {"reason": reason, "settled_at": now}


def _again(
    delivery: Delivery, reason: str, now: datetime, wait_seconds: int | None = None
) -> tuple[State, dict[str, object]]:
    at = states.next_attempt(delivery.attempt_count, now, wait_seconds)
    return State.QUEUED, {"reason": reason, "next_attempt_at": at}


def hold_sending(reason: str, now: datetime) -> None:
    """Stop all hand-offs until an operator releases the hold. Marks nobody.

    One hold is enough: a reply in ever new words would make one for each worker.
    """
    if not states.is_held():
        SendingHold.objects.get_or_create(
            reason=reason, released_at=None, defaults={"held_at": now}
        )
