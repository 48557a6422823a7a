"""Runs a module under a set clock: `python -m digest.bench.story.clocked MODULE …`.

libfaketime 0.9.10 has to leave the monotonic clock alone, or waiting for a lock
never ends (glibc's sem_clockwait is not faked); but then the call behind
`time.sleep` fails with EINVAL. So sleeping goes through `select` here.
"""

import runpy
import select
import sys
import time


def sleep(seconds: float) -> None:
    """Wait that long in real time."""
    select.select([], [], [], max(0.0, seconds))


if __name__ == "__main__":
    time.sleep = sleep  # type: ignore[assignment]
    del sys.argv[0]
    if sys.argv[0].endswith(".py"):
        runpy.run_path(sys.argv[0], run_name="__main__")
    else:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
