"""Command line: `python -m digest.bench.storm --seed N --minutes M …`."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from digest.bench.alone import own_environment
from digest.bench.postgres import PostgresServer
from digest.bench.storm.environment import Place
from digest.bench.story.processes import StoryError


def main() -> int:
    """Let it storm and tell; 0 if everything that must hold held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--digests", type=int, default=5_000)
    parser.add_argument("--sqlite", action="store_true", help="not PostgreSQL")
    parser.add_argument("--provider", action="store_true", help="send over HTTP")
    options = parser.parse_args()
    # What was started must not outlive its parent.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    kept = own_environment(os.environ)
    os.environ.clear()
    os.environ.update(kept)
    with tempfile.TemporaryDirectory(prefix="paperboy-storm-") as name:
        folder = Path(name)
        try:
            with _open_database(folder, is_file=options.sqlite) as database:
                return _storm(folder, database, options)
        except (StoryError, RuntimeError) as error:
            print(error, file=sys.stderr)
            log = folder / "log"
            if log.exists():
                print(log.read_text(errors="replace")[-4000:], file=sys.stderr)
            return 2


@contextmanager
def _open_database(folder: Path, *, is_file: bool) -> Iterator[PostgresServer | Path]:
    if is_file:
        yield folder / "storm.sqlite3"
        return
    with PostgresServer(is_durable=True) as server:
        yield server


def _storm(
    folder: Path, database: PostgresServer | Path, options: argparse.Namespace
) -> int:
    """With settings known: everything else."""
    url = f"sqlite:///{database}" if isinstance(database, Path) else database.url
    place = Place(folder, url, options.provider)
    os.environ.update(place.environment)
    django.setup()
    # The tables can be imported only now that the settings are known.
    from digest.bench.storm.stage import Stage  # noqa: PLC0415

    return Stage(place, database, options).play()


if __name__ == "__main__":
    sys.exit(main())
