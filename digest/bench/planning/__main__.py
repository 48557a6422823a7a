"""Command line: `python -m digest.bench.planning --subscribers N …`."""

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

import django

from digest.bench.delivery.programs import BenchError
from digest.bench.delivery.stage import open_database, own_environment
from digest.bench.planning.options import add_options


def main() -> int:
    """Measure and tell; 0 if all bounds hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    options = parser.parse_args()
    # The server that was started must not outlive its parent.
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(1))
    kept = own_environment(os.environ)
    os.environ.clear()
    os.environ.update(kept)
    try:
        with (
            tempfile.TemporaryDirectory(prefix="paperboy-bench-") as folder,
            open_database(options.database) as url,
        ):
            return _measure(Path(folder), url, options)
    except (BenchError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2


def _measure(folder: Path, url: str, options: argparse.Namespace) -> int:
    """With settings known: rows, then a table of what came out."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings.local",
        VAR_DIR=str(folder),
        SECRET_KEY="bench",  # noqa: S106  of rows that are thrown away
        DATABASE_URL=url,
        SITE_URL="https://papers.example.org",
    )
    django.setup()
    # The tables can be imported only now that the settings are known.
    from django.db import connection  # noqa: PLC0415

    from digest.bench.planning.measure import measure  # noqa: PLC0415
    from digest.bench.planning.profile import print_profile  # noqa: PLC0415
    from digest.bench.planning.scene import set_scene  # noqa: PLC0415
    from digest.bench.planning.telling import describe, sum_up  # noqa: PLC0415

    try:
        scene = set_scene(options.subscribers, options.corpus)
        if options.profile:
            print_profile(scene)
            return 0
        outcome = measure(scene, folder)
    finally:
        connection.close()  # a database in use cannot be dropped
    for line in [*describe(outcome), sum_up(outcome)]:
        print(line)
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(main())
