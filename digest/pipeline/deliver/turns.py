"""Before claiming: whose turn it is, where mails may leave only so fast."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.models import Delivery
from digest.pipeline import states
from digest.transports import pace


@dataclass(frozen=True, slots=True)
class Turns:
    """Deliveries that may be claimed now; others by the seconds until they are due."""

    ready: Sequence[int]
    later: dict[float, list[int]] = field(default_factory=dict)


def take_turns(delivery_ids: Sequence[int], *, now: datetime) -> Turns:
    """Tell which of these may leave now, and make the others due when they may.

    One that must wait is not claimed, so that waiting uses up no attempt. Without a
    limit all may leave, and nothing is asked.
    """
    if not pace.is_limited() or not delivery_ids or states.is_held():
        return Turns(delivery_ids)
    rows = Delivery.objects.filter(
        pk__in=delivery_ids, state=Delivery.State.QUEUED, next_attempt_at__lte=now
    )
    emails = dict(rows.values_list("pk", "digest__user__email"))
    ids = [pk for pk in delivery_ids if pk in emails]
    turns = pace.take([(emails[pk] or "").rpartition("@")[2] for pk in ids])
    later: dict[float, list[int]] = defaultdict(list)
    for pk, turn in zip(ids, turns, strict=True):
        if not turn.is_now:
            later[turn.wait].append(pk)
    for wait, waiting in later.items():
        states.postpone(waiting, now + timedelta(seconds=wait))
    ready = [pk for pk, turn in zip(ids, turns, strict=True) if turn.is_now]
    return Turns(ready, dict(later))
