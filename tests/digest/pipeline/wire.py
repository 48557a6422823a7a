"""The transport of the state machine's model: workers, and what truly arrived."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.models import Delivery
from digest.pipeline.states import Claim
from digest.transports import Idempotency

KEY_LIFE = timedelta(minutes=400)
REMEMBERED = Idempotency("Esp:account", KEY_LIFE - timedelta(minutes=10))


@dataclass
class Worker:
    """One worker on one delivery; it may be slow, and it may be dead wrong."""

    taken: Claim
    delivery: Delivery
    gone_at: datetime | None = None
    remembered: Idempotency | None = None

    @property
    def has_handed_off(self) -> bool:
        """Whether its mail may be on the way."""
        return self.gone_at is not None


@dataclass
class Wire:
    """What arrived, once for each time; keys are remembered for KEY_LIFE."""

    arrived: list[int] = field(default_factory=list)
    known_keys: dict[int, datetime] = field(default_factory=dict)

    def take(self, worker: Worker) -> None:
        """The server has the mail; if it remembers the key, it already had it."""
        delivery_id, gone_at = worker.delivery.pk, worker.gone_at
        assert gone_at
        if worker.remembered:
            known_since = self.known_keys.get(delivery_id)
            if known_since and abs(gone_at - known_since) < KEY_LIFE:
                return
            self.known_keys[delivery_id] = gone_at
        self.arrived.append(delivery_id)
