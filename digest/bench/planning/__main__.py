"""Command line: `python -m digest.bench.planning --subscribers N …`."""

import argparse
import os
import sys
from pathlib import Path

import django

from digest.bench.alone import run_alone
from digest.bench.database import open_database
from digest.bench.planning.options import add_options


def measure(folder: Path, options: argparse.Namespace) -> int:
    """Measure and tell; 0 if all bounds hold."""
    with open_database(options.database) as url:
        return _measure(folder, url, options)


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

    from digest.bench.planning.measure import measure_planning  # noqa: PLC0415
    from digest.bench.planning.profile import print_profile  # noqa: PLC0415
    from digest.bench.planning.scene import set_scene  # noqa: PLC0415
    from digest.bench.planning.telling import describe, sum_up  # noqa: PLC0415

    try:
        scene = set_scene(options.subscribers, options.corpus)
        if options.profile:
            print_profile(scene)
            return 0
        outcome = measure_planning(scene, folder)
    finally:
        connection.close()  # a database in use cannot be dropped
    for line in [*describe(outcome), sum_up(outcome)]:
        print(line)
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(run_alone(__doc__, add_options, measure))
