"""Stage 5: hand one mail to the transport, at most once, every doubt visible.

The only module that sends digests. The database row decides; a second worker, a
second task or a lost broker changes nothing.
"""

import os
import socket
from datetime import UTC, datetime, timedelta

from django.db import Error as DatabaseError
from django.utils import translation

from digest.models import Delivery
from digest.pipeline import states
from digest.pipeline.deliver.verdicts import record_in_spite_of_outages
from digest.pipeline.render import Rendered, build_message
from digest.pipeline.states import Claim
from digest.transports import Outcome, Transport, Verdict, open_transport

OLDEST_DATE = timedelta(minutes=4)
"""How old a mail's Date may be when it is first handed over (R5 allows five)."""


def deliver(delivery_id: int, *, now: datetime) -> str:
    """Try one queued delivery; return its state afterwards, or "" if it was not ours.

    1. Claim the row (compare-and-swap, a lease, an attempt in the log).
    2. Build the bytes from stored rows; they must be those that were queued.
    3. Open the transport. Just before the first byte of the mail, commit HANDOFF:
       only this claim, and only if the reader still wants it.
    4. Write down the verdict, before the goodbye to the server: the less time
       between its answer and our row, the fewer doubts. No answer after the first
       byte is UNCERTAIN.
    """
    with open_transport() as transport:
        taken = states.claim(delivery_id, _worker(), now)
        if taken is None:
            return ""
        delivery = Delivery.objects.select_related(
            "edition", "digest__user__schedule"
        ).get(pk=delivery_id)
        verdict = _send(transport, taken, delivery, now)
        return record_in_spite_of_outages(taken, delivery, verdict, now)


def _send(
    transport: Transport, taken: Claim, delivery: Delivery, now: datetime
) -> Verdict:
    if delivery.digest.user is None:
        return Verdict(Outcome.ABORTED, "the reader was erased")
    try:
        rendered = _build(delivery)
    except DatabaseError:
        raise  # says nothing about this mail; the lease brings it back
    except Exception as error:  # noqa: BLE001  a poison mail must fail alone
        evidence = f"{type(error).__name__}: {error}"
        return Verdict(Outcome.PERMANENT, evidence, phase="build")
    if rendered.content_hash != delivery.content_hash:
        return Verdict(Outcome.PERMANENT, "the mail is not the one that was queued")
    if _is_stale(delivery, now):
        delivery.dated_at = now.astimezone(UTC).replace(microsecond=0)
        rendered = _build(delivery)
        if not states.date_anew(taken, delivery.dated_at, rendered.content_hash):
            return Verdict(Outcome.ABORTED, "the claim no longer holds")
    return transport.send(
        rendered.message,
        rendered.raw,
        lambda: states.hand_off(taken, delivery, now),
    )


def _build(delivery: Delivery) -> Rendered:
    with translation.override(delivery.digest.reader.schedule.language):
        rendered = build_message(delivery)
    # Anymail hands this to the provider, whose events bring it back.
    rendered.message.metadata = {"delivery": str(delivery.public_id)}  # type: ignore[attr-defined]
    return rendered


def _is_stale(delivery: Delivery, now: datetime) -> bool:
    """Whether a mail that nobody was ever handed says that it is from long ago."""
    dated_at = delivery.dated_at
    return (
        delivery.handed_off_at is None
        and dated_at is not None
        and now - dated_at > OLDEST_DATE
    )


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
