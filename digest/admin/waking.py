"""Rings for a worker once a change is committed."""

from functools import partial
from typing import Any

from django.db import transaction


def wake(task: Any, row_id: int) -> None:
    """Have a task look at a row after the commit; a broker that is away is logged."""
    transaction.on_commit(partial(task.delay, row_id), robust=True)
