"""Command line: `python -m digest.bench.pages --papers N --readers M …`."""

import argparse
import os
import sys
from pathlib import Path

from digest.bench.alone import run_alone
from digest.bench.pages.options import add_options
from digest.bench.pages.stage import Stage, open_broker, open_worker, set_up
from digest.bench.postgres import PostgresServer, free_port
from digest.bench.story.processes import Processes


def measure(folder: Path, options: argparse.Namespace) -> int:
    """Measure and tell; 0 if all bounds hold."""
    with PostgresServer() as server:
        return _measure(Stage(folder, server.url, free_port(), free_port()), options)


def _measure(stage: Stage, options: argparse.Namespace) -> int:
    """With settings known: rows, one worker, rounds, and a table of what came out."""
    os.environ.update(stage.environment)
    set_up()
    # The tables can be imported only now that the settings are known.
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from digest.bench.pages.asking import measure_pages  # noqa: PLC0415
    from digest.bench.pages.scene import read_papers, set_scene  # noqa: PLC0415
    from digest.bench.pages.telling import describe, sum_up  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    print("rows …", file=sys.stderr)
    papers = read_papers(options.corpus, options.papers)
    scene = set_scene(papers, options.readers, now=timezone.now())
    connection.close()
    processes = Processes(stage.environment, stage.log_path)
    try:
        open_broker(processes)
        open_worker(stage, processes)
        outcome = measure_pages(
            stage,
            scene,
            papers=len(papers),
            readers=options.readers,
            rounds=options.rounds,
        )
    finally:
        processes.stop()
    for line in [*describe(outcome), sum_up(outcome)]:
        print(line)
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(run_alone(__doc__, add_options, measure))
