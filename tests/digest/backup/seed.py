"""A system with a digest that waits: `python -m tests.digest.backup.seed`."""

import django

django.setup()

from digest.pipeline import reconcile  # noqa: E402  the settings had to come first
from tests.digest.pipeline.sending import queue  # noqa: E402
from tests.factories import NOW  # noqa: E402

if __name__ == "__main__":
    queue()
    reconcile.beat("sweep", now=NOW)
