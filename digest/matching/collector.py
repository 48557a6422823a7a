"""Making a great many small objects at once, without Python looking for cycles.

Promise: nothing but time changes. Papers taken apart are a million objects without a
cycle among them; the collector would go through all of them again and again, which
takes as long as making them.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """Let the collector of cycles wait until the end of the block."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
