"""Command line: `python -m digest.bench.delivery --digests N [--editions E] …`."""

import argparse
import pstats
import sys
from pathlib import Path

import django

from digest.bench.alone import BenchError, run_alone
from digest.bench.delivery.options import add_options
from digest.bench.delivery.outcome import Outcome, Shares, Wanted
from digest.bench.delivery.programs import find_program
from digest.bench.delivery.stage import Stage, set_stage, smtp_environment, use
from digest.bench.story.processes import Processes, free_port

_TOP = 15


def measure(folder: Path, options: argparse.Namespace) -> int:
    """Measure and tell; 0 if all bounds hold."""
    find_program("smtp-source")
    with set_stage(folder, options.database, options.sink) as stage:
        return _measure(stage, options)


def _measure(stage: Stage, options: argparse.Namespace) -> int:
    """With settings known: rows, rounds, and a table of what came out."""
    use(stage, smtp_environment("127.0.0.1", free_port()))
    django.setup()
    # The tables can be imported only now that the settings are known.
    from digest.bench.delivery.rivals import compose_plainly  # noqa: PLC0415
    from digest.bench.delivery.rounds import Rounds  # noqa: PLC0415
    from digest.bench.delivery.scene import read_papers, set_scene  # noqa: PLC0415
    from digest.bench.delivery.telling import describe, sum_up  # noqa: PLC0415

    wanted = Wanted(
        options.digests,
        min(options.editions or options.digests, options.digests),
        options.papers,
        options.rounds,
        options.hand_off,
        options.workers,
    )
    broker = Processes(stage.environment, stage.log_path)
    broker.start("config.broker")
    try:
        scene = set_scene(wanted, read_papers(options.corpus), stage.folder)
        outcome = Outcome(
            wanted,
            mail_bytes=scene.sample.size,
            plain_mail_bytes=len(compose_plainly(scene.lists[0]).message().as_bytes()),
            shared_editions=scene.shared.editions if scene.shared else 0,
        )
        rounds = Rounds(stage, scene, outcome)
        for number in range(1, wanted.rounds + 1):
            print(f"round {number} of {wanted.rounds} …", file=sys.stderr)
            rounds.run()
        outcome.shares = Shares.of(rounds.look_on("watch").iterdir())
        if options.profile:
            _print_profile(rounds.look_on("profile"))
    except BenchError:
        print(stage.log_path.read_text(errors="replace")[-4000:], file=sys.stderr)
        raise
    finally:
        broker.stop()
    for line in [*describe(outcome), sum_up(outcome)]:
        print(line)
    return 0 if outcome.holds else 1


def _print_profile(folder: Path) -> None:
    first, *others = map(str, folder.iterdir())
    stats = pstats.Stats(first, *others).strip_dirs().sort_stats("tottime")
    stats.print_stats(_TOP)


if __name__ == "__main__":
    sys.exit(run_alone(__doc__, add_options, measure))
