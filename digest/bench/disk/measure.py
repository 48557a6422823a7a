"""A day's digests are planned, rendered and sent; then the tables are weighed."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from digest.bench.planning.scene import Scene
from digest.bench.planning.work import plan_all
from digest.models import Delivery
from digest.pipeline import forget, render
from digest.pipeline.deliver import deliver

AT_ONCE = 200

EACH_READERS = (
    "digest_digest",
    "digest_digestitem",
    "digest_delivery",
    "digest_attempt",
    "digest_edition",
    "digest_fragment",
)
"""Tables that a day's digests fill."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Rows and bytes of a table, with its indexes."""

    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """Tables by name: what a day of so many readers added, and what stays of it.

    `accepted`: mails that went; `mail_bytes`: all of them together.
    """

    readers: int
    accepted: int
    added: dict[str, Weight]
    after_30_days: dict[str, Weight]
    after_a_year: dict[str, Weight]


def measure_disk(scene: Scene) -> Outcome:
    """Live through the day, and look at its tables then and later."""
    empty = _weigh()
    plan_all(scene, 500)
    _send(scene)
    added = {name: _less(new, empty[name]) for name, new in _weigh().items()}
    accepted = Delivery.objects.filter(state=Delivery.State.ACCEPTED).count()
    return Outcome(
        scene.subscribers, accepted, added, _later(scene, 45), _later(scene, 400)
    )


def _send(scene: Scene) -> None:
    waiting = Delivery.objects.filter(state=Delivery.State.PLANNED).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        batch = ids[start : start + AT_ONCE]
        render.render_deliveries(batch, now=scene.now)
        deliver(batch, now=scene.now)


def _later(scene: Scene, days: int) -> dict[str, Weight]:
    """What stays when so many days have passed, packed as tightly as it can be."""
    while not forget.forget(now=scene.now + timedelta(days=days)).is_done:
        pass
    with connection.cursor() as cursor:
        for name in EACH_READERS:
            cursor.execute(f"VACUUM FULL {name}")
    return _weigh()


def _weigh() -> dict[str, Weight]:
    found = {}
    with connection.cursor() as cursor:
        for name in EACH_READERS:
            cursor.execute(
                f"SELECT count(*), pg_total_relation_size('{name}') FROM {name}"  # noqa: S608  names of ours
            )
            rows, size = cursor.fetchone()
            found[name] = Weight(rows, size)
    return found


def _less(new: Weight, old: Weight) -> Weight:
    return Weight(new.rows - old.rows, new.size - old.size)
