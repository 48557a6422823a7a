"""Where beat and the workers leave their signs of life: whatever they are doing.

A worker's comes from the process that takes tasks off the queue, so that a long task
does not make it look dead. A database that is away costs a sign and nothing else.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any

from celery.beat import PersistentScheduler
from celery.signals import heartbeat_sent
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils import timezone

from config.celery import app
from digest.pipeline.watch import heartbeats

logger = logging.getLogger(__name__)


class Pulse:
    """Leaves this process's signs, and at most two in an interval of the sweep."""

    def __init__(self) -> None:
        self._left_at = float("-inf")

    def leave(self, names: Iterable[str]) -> None:
        """Leave a sign by each name, unless the last ones are fresh."""
        if time.monotonic() - self._left_at < settings.DIGEST_SWEEP_SECONDS / 2:
            return
        self._left_at = time.monotonic()
        try:
            for name in names:
                heartbeats.leave(name, now=timezone.now())
        except (DatabaseError, InterfaceError) as error:
            logger.warning("No sign of life could be left: %s", error)
        finally:
            # Children that are forked later must not inherit the connection.
            connections.close_all()


PULSE = Pulse()


class Scheduler(PersistentScheduler):  # type: ignore[misc]
    """Beat's schedule, with a sign of life at each look at it."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Send what is due; seconds until the next look."""
        PULSE.leave([heartbeats.BEAT])
        return super().tick(*args, **kwargs)


@heartbeat_sent.connect  # type: ignore[untyped-decorator]
def leave_sign(**_kwargs: Any) -> None:
    """For each queue that this worker takes tasks from."""
    PULSE.leave(map(heartbeats.of_worker, app.amqp.queues.consume_from))
