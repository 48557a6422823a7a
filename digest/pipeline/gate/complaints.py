"""Too many complaints hold sending, before providers put all of our mail aside.

Gmail and Yahoo ask senders to stay below 0.1 % and refuse those at 0.3 % (D5 of
docs/operator.md). Counted are the mails of the last seven days, or since the last
release: who released a hold has seen what was counted then. Fewer than `LEAST`
complaints never hold anything: of a hundred readers, one is 1 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from digest.models import Delivery, DeliveryEvent, SendingHold
from digest.pipeline.gate.holding import hold

WATCHED = timedelta(days=7)
ALARM, STOP = 0.001, 0.003
LEAST = 3


@dataclass(frozen=True, slots=True)
class Rates:
    """Of mails that were accepted since a time: how many, and what came back."""

    accepted: int
    complained: int
    bounced: int

    @property
    def complaints(self) -> float:
        """Share of the mails that somebody complained about."""
        return self.complained / self.accepted if self.accepted else 0.0

    @property
    def bounces(self) -> float:
        """Share of the mails that came back."""
        return self.bounced / self.accepted if self.accepted else 0.0


def measure(since: datetime) -> Rates:
    """The mails whose try was due since then, and the reports on them."""
    return Rates(
        accepted=_accepted(since).count(),
        complained=_reported("complained", since),
        bounced=_reported("bounced", since),
    )


def hold_if_complained(*, now: datetime) -> bool:
    """Hold sending where complaints reach 0.3 %; whether it was this that did.

    The sweep asks this each minute, so no more mails are counted than it takes to see
    that the complaints are few.
    """
    released_at = SendingHold.objects.aggregate(at=Max("released_at"))["at"]
    since = max(now - WATCHED, released_at or now - WATCHED)
    complained = _reported("complained", since)
    most = int(complained / STOP)
    if complained < LEAST or _accepted(since)[: most + 1].count() > most:
        return False
    rates = measure(since)

    def say_why() -> str:
        return _(
            "Readers complained of {complained} of {accepted} mails, which is "
            "{percent} %: providers refuse senders from 0.3 % on."
        ).format(
            complained=rates.complained,
            accepted=rates.accepted,
            percent=f"{100 * rates.complaints:.2g}",
        )

    def advice() -> str:
        return _(
            "See which topics and which days they are of, and release the hold in the "
            "admin when the cause is gone; counting begins anew then."
        )

    return hold(say_why, advice, now)


def _accepted(since: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=Delivery.State.ACCEPTED, next_attempt_at__gt=since
    )


def _reported(event_type: str, since: datetime) -> int:
    """Mails reported on so; a report on a mail from before does not count."""
    events = DeliveryEvent.objects.filter(
        event_type=event_type,
        received_at__gt=since,
        delivery__next_attempt_at__gt=since,
    )
    return events.order_by().values("delivery").distinct().count()
