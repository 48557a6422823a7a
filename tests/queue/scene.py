"""Prepares the database of a queue test: `python -m tests.queue.scene READERS`.

`--source HOURS` adds a source that was last read so many hours ago.

Runs as a process of its own, because the database is that of the processes under
test and not that of pytest.
"""

import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402  after the set-up
from django.utils import timezone  # noqa: E402

from digest.models import Schedule  # noqa: E402
from tests import factories  # noqa: E402


def prepare(reader_count: int) -> None:
    """Readers of one topic with one paper, all due a minute ago."""
    call_command("migrate", verbosity=0)
    now = timezone.now()
    topic = factories.make_topic()
    paper = factories.make_paper(announced_on=now.date())
    factories.make_match(topic, paper)
    due = now - timedelta(minutes=1)
    for number in range(reader_count):
        factories.make_reader(
            f"reader{number}@example.org", topic, hour=due.hour, zone="UTC"
        )
    Schedule.objects.update(next_due_at=due.replace(minute=0, second=0, microsecond=0))


def add_source(hours: float) -> None:
    """A source at a port that nobody listens on, due now, silent for so long."""
    now = timezone.now()
    factories.make_source(
        kind="feed",
        address="http://127.0.0.1:9/feed",
        next_fetch_at=now,
        last_tried_at=now - timedelta(minutes=30),
        last_succeeded_at=now - timedelta(hours=hours),
    )


if __name__ == "__main__":
    if sys.argv[1] == "--source":
        add_source(float(sys.argv[2]))
    else:
        prepare(int(sys.argv[1]))
