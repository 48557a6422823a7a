"""A system with a digest that waits: `python -m tests.digest.backup.seed`."""

import django

django.setup()

from digest.pipeline.watch import heartbeats  # noqa: E402  after the settings
from tests.digest.pipeline.sending import queue  # noqa: E402
from tests.factories import NOW  # noqa: E402

if __name__ == "__main__":
    queue()
    heartbeats.leave(heartbeats.SWEEP, now=NOW)
