"""Command line: `python -m digest.bench.run --readers N --papers M …`."""

import argparse
import sys
from pathlib import Path

import django

from digest.bench.alone import BenchError, run_alone
from digest.bench.delivery.stage import Stage, set_stage, smtp_environment, use
from digest.bench.run.options import add_options
from digest.bench.story.processes import Processes


def measure(folder: Path, options: argparse.Namespace) -> int:
    """Measure and tell; 0 if all bounds hold."""
    with set_stage(folder, options.database, options.sink) as stage:
        return _measure(stage, options)


def _measure(stage: Stage, options: argparse.Namespace) -> int:
    """With settings known: rows, rounds, and a table of what came out."""
    use(stage, smtp_environment(stage.sink.host, stage.sink.port))
    django.setup()
    # The tables can be imported only now that the settings are known.
    from digest.bench.ingest import make_papers, read_corpus  # noqa: PLC0415
    from digest.bench.run.outcome import Outcome  # noqa: PLC0415
    from digest.bench.run.rounds import run_round  # noqa: PLC0415
    from digest.bench.run.scene import set_scene  # noqa: PLC0415
    from digest.bench.run.telling import describe, sum_up  # noqa: PLC0415

    papers = (
        read_corpus(options.corpus, options.papers)
        if options.corpus
        else list(make_papers(options.papers))
    )
    broker = Processes(stage.environment, stage.log_path)
    broker.start("config.broker")
    try:
        scene = set_scene(options.readers, papers)
        few = min(options.script_readers, options.readers)
        outcome = Outcome(options.readers, len(papers), options.workers, few)
        for number in range(1, options.rounds + 1):
            print(f"round {number} of {options.rounds} …", file=sys.stderr)
            run_round(stage, scene, outcome)
    except BenchError:
        print(stage.log_path.read_text(errors="replace")[-4000:], file=sys.stderr)
        raise
    finally:
        broker.stop()
    for line in [*describe(outcome), sum_up(outcome)]:
        print(line)
    return 0 if outcome.holds else 1


if __name__ == "__main__":
    sys.exit(run_alone(__doc__, add_options, measure))
