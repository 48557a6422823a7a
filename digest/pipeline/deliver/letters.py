"""From claimed rows to letters, whose bytes are those that were queued."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import Error as DatabaseError
from django.utils import translation

from digest.models import Delivery
from digest.pipeline import states
from digest.pipeline.render import Rendered, build_message
from digest.pipeline.states import Claim
from digest.transports import Letter, Outcome, Verdict

OLDEST_DATE = timedelta(minutes=4)
"""How old a mail's Date may be when it is first handed over (R5 allows five)."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One claimed delivery and its letter."""

    claim: Claim
    delivery: Delivery
    letter: Letter


def make_mails(
    claims: Sequence[Claim], now: datetime
) -> Iterator[Mail | tuple[Claim, Delivery, Verdict]]:
    """Yield each claim's mail, or why it has none, in the order of the claims."""
    rows = Delivery.objects.select_related("edition", "digest__user__schedule")
    deliveries = rows.in_bulk([claim.delivery_id for claim in claims])
    for claim in claims:
        delivery = deliveries[claim.delivery_id]
        made = _make(claim, delivery, now)
        if isinstance(made, Verdict):
            yield claim, delivery, made
        else:
            yield Mail(claim, delivery, Letter.of(made.message, made.raw))


def _make(taken: Claim, delivery: Delivery, now: datetime) -> Rendered | Verdict:
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
    return rendered


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
