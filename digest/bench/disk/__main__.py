"""Command line: `python -m digest.bench.disk --readers N …`."""

import argparse
import os
import sys
from pathlib import Path

import django

from digest.bench.alone import run_alone
from digest.bench.database import open_database
from digest.bench.disk.options import add_options


def measure(folder: Path, options: argparse.Namespace) -> int:
    """Measure and tell; there is no bound."""
    with open_database(options.database) as url:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings.local",
            VAR_DIR=str(folder),
            SECRET_KEY="bench",  # noqa: S106  of rows that are thrown away
            DATABASE_URL=url,
            SITE_URL="https://papers.example.org",
            EMAIL_URL=f"catcher://{folder / 'mail'}",
        )
        django.setup()
        # The tables can be imported only now that the settings are known.
        from django.db import connection  # noqa: PLC0415

        from digest.bench.disk.measure import measure_disk  # noqa: PLC0415
        from digest.bench.disk.telling import describe, sum_up  # noqa: PLC0415
        from digest.bench.planning.scene import set_scene  # noqa: PLC0415

        try:
            outcome = measure_disk(set_scene(options.readers, options.corpus))
        finally:
            connection.close()  # a database in use cannot be dropped
    for line in [*describe(outcome), sum_up(outcome)]:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(run_alone(__doc__, add_options, measure))
