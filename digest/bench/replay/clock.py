"""One clock for all processes, moved while they run.

libfaketime reads how far the clock is put off from a file, at every look at the
clock; so all processes jump together.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path


class Clock:
    """Stands off the real clock by whole seconds; only ever moved forward."""

    def __init__(self, path: Path, start: datetime) -> None:
        """Begin at `start`; the offset is written to `path`."""
        self.path = path
        self._offset = timedelta()
        self.move_to(start)

    def now(self) -> datetime:
        """What the processes take the time to be."""
        return datetime.now(UTC) + self._offset

    def move_to(self, instant: datetime) -> None:
        """Let it be that time from now on."""
        seconds = round((instant - datetime.now(UTC)).total_seconds())
        self._offset = timedelta(seconds=seconds)
        scratch = self.path.with_suffix(".new")
        scratch.write_text(f"{seconds:+d}\n")
        scratch.replace(self.path)
