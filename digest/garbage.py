"""Python's search for garbage in cycles, put off while many objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off_collection() -> Iterator[None]:
    """Look for no cycles until the block ends.

    The entries of a document, and the words of papers taken apart, are bounded and
    none of them is garbage before the end, yet the search would go over all of them,
    and over the rest of the process, again and again: a third to a half of the time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
