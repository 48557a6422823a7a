"""A bench alone in its process: options, an environment of its own, an exit code."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

_OURS = ("DIGEST_", "EMAIL_", "ANYMAIL_", "CELERY_")

CANNOT = 2
"""The exit code where nothing could be measured."""


class BenchError(Exception):
    """The bench cannot go on; the text says why."""


def run_alone(
    description: str | None,
    add_options: Callable[[argparse.ArgumentParser], None],
    measure: Callable[[Path, argparse.Namespace], int],
) -> int:
    """Read the command line and measure in a folder that is gone afterwards.

    `measure` begins without any setting of somebody's service, and returns the exit
    code; what it cannot do, as a BenchError or RuntimeError tells, makes it CANNOT.
    """
    parser = argparse.ArgumentParser(description=description)
    add_options(parser)
    options = parser.parse_args()
    # The servers that were started must not outlive their parent.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    kept = own_environment(os.environ)
    os.environ.clear()
    os.environ.update(kept)
    try:
        with tempfile.TemporaryDirectory(prefix="paperboy-bench-") as folder:
            return measure(Path(folder), options)
    except (BenchError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return CANNOT


def own_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what was set for a service of somebody's."""
    return {
        name: value for name, value in environment.items() if not name.startswith(_OURS)
    }
