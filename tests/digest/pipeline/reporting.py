"""What a provider tells of mails that arrived: repeated, in any order, or forged."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.models import Suppression
from digest.models import Attempt, Delivery, DeliveryEvent, DigestItem
from digest.pipeline import track

KINDS = ["delivered", "deferred", "opened", "complained"]


@dataclass
class Reporter:
    """Tells what it is asked to, and all that it told before, once more."""

    told: dict[tuple[int, str], track.Report] = field(default_factory=dict)

    def tell(self, delivery: Delivery, kind: str, now: datetime) -> None:
        """Report once, then everything again, the last first, and a forgery (I17)."""
        reader = delivery.digest.user
        assert reader
        place = (delivery.pk, kind)
        known = self.told.get(place)
        event = known or track.Report(
            "Esp",
            kind,
            f"{delivery.pk} {kind}",
            "m",
            reader.email,
            "",
            str(delivery.public_id),
            now,
        )
        rows = everything()
        assert track.track_event(event, now=now) == (known is None), "I17"
        assert known is None or everything() == rows, "I17"
        self.told[place] = event
        rows = everything()
        for earlier in reversed(self.told.values()):
            assert not track.track_event(earlier, now=now), "I17"
        assert everything() == rows, "I17"
        forged = replace(
            event,
            event_id=str(uuid.uuid4()),
            recipient="stranger@elsewhere.example",
            delivery_public_id=str(uuid.uuid4()),
        )
        track.track_event(forged, now=now)
        assert everything(but_events=True) == rows[1:], "I17"


def everything(*, but_events: bool = False) -> list[list[dict[str, Any]]]:
    """All rows that a report could change, those of reports first."""
    strangers = Suppression.objects.filter(evidence__contains="stranger")
    assert not strangers.exists()
    tables: list[QuerySet[Any]] = [
        Delivery.objects.all(),
        Attempt.objects.all(),
        DigestItem.objects.all(),
    ]
    if not but_events:
        tables.insert(0, DeliveryEvent.objects.all())
    return [list(table.order_by("pk").values()) for table in tables]
