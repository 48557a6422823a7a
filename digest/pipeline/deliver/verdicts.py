"""From the transport's verdicts to the deliveries' next states."""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Self

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F

from accounts import services as accounts
from digest.models import Delivery, SendingHold
from digest.pipeline import bounces, states
from digest.pipeline.render.addressed import Addressed
from digest.pipeline.states import Accepted, Claim, State
from digest.transports import Outcome, Verdict
from digest.transports.smtp_verdicts import says_no_mailbox

logger = logging.getLogger(__name__)

OUTAGE_SECONDS = (1, 2, 4, 8, 15, 30, 60)
"""Waits for a database that is away: together less than what a task's hard limit
leaves after the longest wait for a server."""

SECONDS_UNWRITTEN = 1.0
"""A worker that dies leaves a doubt about each answer that it had not written down."""


class Told(NamedTuple):
    """What became of one delivery that was claimed."""

    claim: Claim
    addressed: Addressed
    verdict: Verdict


class Journal:
    """A context manager that writes verdicts down: soon, together, and at the end."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._unwritten: list[Told] = []
        self._written_at = time.monotonic()
        self.states: dict[int, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._write()

    def note(self, claim: Claim, addressed: Addressed, verdict: Verdict) -> None:
        """Take a verdict down."""
        self._unwritten.append(Told(claim, addressed, verdict))
        if time.monotonic() - self._written_at > SECONDS_UNWRITTEN:
            self._write()

    def _write(self) -> None:
        told, self._unwritten = self._unwritten, []
        if told:
            self.states |= _record_in_spite_of_outages(told, self._now)
        self._written_at = time.monotonic()


def _record_in_spite_of_outages(told: Sequence[Told], now: datetime) -> dict[int, str]:
    """`record`, tried again while the database restarts or is locked.

    The mails may have gone: an answer that is not written down becomes a doubt. When
    this gives up, the lease ends and that doubt is what stays.
    """
    ids = ", ".join(str(one.claim.delivery_id) for one in told)
    for seconds in OUTAGE_SECONDS:
        try:
            return record(told, now)
        except (InterfaceError, OperationalError) as error:
            logger.warning("What came of %s waits for the database: %s", ids, error)
            # Only a new connection recovers from a server that was restarted.
            connection.close()
            time.sleep(seconds)
    return record(told, now)


def record(told: Sequence[Told], now: datetime) -> dict[int, str]:
    """Write the verdicts down; return the states of the deliveries after that.

    It can be said again without harm. A verdict of a claim that no longer holds is
    kept in the attempt's log alone: whoever took the delivery over decides.
    """
    alike: dict[Verdict, list[Told]] = defaultdict(list)
    for one in told:
        if one.verdict.outcome != Outcome.ACCEPTED:
            alike[one.verdict].append(one)
    accepted = states.accept(
        [
            Accepted(claim, verdict.evidence, verdict.provider_id)
            for claim, _addressed, verdict in told
            if verdict.outcome == Outcome.ACCEPTED
        ],
        now=now,
    )
    for verdict, ones in alike.items():
        for one in ones:
            end, values = _decide(one, verdict, now)
            states.finish(
                [one.claim],
                end,
                detail=verdict.evidence,
                phase=verdict.phase,
                now=now,
                **values,
            )
            if says_no_mailbox(verdict):
                bounces.note_missing_mailbox(
                    one.addressed.email or "",
                    one.claim.delivery_id,
                    one.claim.attempt_id,
                    now,
                )
        if verdict.outcome == Outcome.QUEUE_PROBLEM:
            hold_sending(f"The transport refused us: {verdict.evidence}"[:300], now)
    ends: dict[int, str] = dict.fromkeys(accepted, State.ACCEPTED)
    others = [
        one.claim.delivery_id for one in told if one.claim.delivery_id not in ends
    ]
    if others:
        rows = Delivery.objects.filter(pk__any_of=others)
        ends |= dict(rows.values_list("pk", "state"))
    return ends


def _decide(
    told: Told, verdict: Verdict, now: datetime
) -> tuple[State, dict[str, object]]:
    addressed, reason = told.addressed, verdict.evidence[:200]
    wait = verdict.retry_after_seconds
    if verdict.outcome is Outcome.NOT_BEGUN:
        return _give_back(told.claim, reason, now)
    if told.claim.was_in_doubt:
        # A no to this call says nothing of what became of the first.
        return _in_doubt(addressed, reason, now, wait)
    match verdict.outcome:
        case Outcome.UNCERTAIN:
            return _in_doubt(addressed, reason, now, wait)
        case Outcome.PERMANENT:
            return State.FAILED, {"reason": reason, "settled_at": now}
        case Outcome.ABORTED:
            return _decide_aborted(addressed, now)
        case _:
            return _again(addressed, reason, now, wait)


def _give_back(
    claim: Claim, reason: str, now: datetime
) -> tuple[State, dict[str, object]]:
    """Nothing was tried: it is as before the claim, which uses up no attempt."""
    start = State.UNCERTAIN if claim.was_in_doubt else State.QUEUED
    return start, {
        "reason": reason,
        "next_attempt_at": now,
        "attempt_count": F("attempt_count") - 1,
    }


def _decide_aborted(
    addressed: Addressed, now: datetime
) -> tuple[State, dict[str, object]]:
    """The hand-off did not start: sending is on hold, or this reader is not to get it.

    Where neither is so, the claim ran out while the server made us wait.
    """
    if states.is_held():
        return _again(addressed, "sending is on hold", now)
    if states.is_wanted(addressed.id, now):
        return _again(addressed, "the claim ran out before the hand-off", now)
    if addressed.email and accounts.is_suppressed(addressed.email, scope="digests"):
        reason = "suppressed"
    else:
        reason = "the reader left or paused"
    return State.SKIPPED, {"reason": reason, "settled_at": now}


def _again(
    addressed: Addressed, reason: str, now: datetime, wait_seconds: int | None = None
) -> tuple[State, dict[str, object]]:
    at = states.next_attempt(addressed.attempt_count, now, wait_seconds)
    return State.QUEUED, {"reason": reason, "next_attempt_at": at}


def _in_doubt(
    addressed: Addressed, reason: str, now: datetime, wait_seconds: int | None
) -> tuple[State, dict[str, object]]:
    """In doubt; where the provider remembers the key, until it is asked again."""
    at = states.next_attempt(addressed.attempt_count, now, wait_seconds)
    return State.UNCERTAIN, {"reason": reason, "next_attempt_at": at}


def hold_sending(reason: str, now: datetime) -> None:
    """Stop all hand-offs until an operator releases the hold. Marks nobody.

    One hold is enough: a reply in ever new words would make one for each worker.
    """
    if not states.is_held():
        SendingHold.objects.get_or_create(
            reason=reason, released_at=None, defaults={"held_at": now}
        )
