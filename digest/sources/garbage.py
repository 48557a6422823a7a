"""Python's search for garbage in cycles, put off while many objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off_collection() -> Iterator[None]:
    """Look for no cycles until the block ends.

    The entries of a document are bounded and none of them is garbage before it is
    stored, yet the search would go over all of them, and over the rest of the
    process, again and again: a third of the time that storing them takes.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
