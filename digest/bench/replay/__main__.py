"""Command line: `python -m digest.bench.replay [--feeds DIR] [--days N]`."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

from digest.bench.replay.days import DAYS, read_days
from digest.bench.story.processes import StoryError, free_port
from digest.bench.story.stage import Stage, set_stage

FEEDS = Path("../shared/data/feeds/arxiv_rss_rendered")


def main() -> int:
    """Replay the days; 0 if everything that must hold held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=Path, default=FEEDS, metavar="DIR")
    parser.add_argument("--days", type=int, default=DAYS, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperboy-replay-") as name:
        problems = replay(set_stage(Path(name), by_provider=False), options)
    for problem in problems:
        print(f"PROBLEM {problem}", file=sys.stderr)
    print("The replay holds." if not problems else f"{len(problems)} problems.")
    return 1 if problems else 0


def replay(stage: Stage, options: argparse.Namespace) -> list[str]:
    """Play the days on the stage; what did not hold."""
    arxiv_port = free_port()
    os.environ.update(
        stage.environment
        | {
            "DIGEST_FETCH_ALLOW_PRIVATE": "on",
            "DIGEST_ARXIV_API_URL": f"http://127.0.0.1:{arxiv_port}/api/query",
            "DIGEST_SWEEP_SECONDS": "1",
        }
    )
    django.setup()
    # The tables can be imported only now that the settings are known.
    from digest.bench.replay.telling import Replay  # noqa: PLC0415

    days = read_days(options.feeds)[: options.days]
    told = Replay(stage, days, arxiv_port)
    try:
        return told.tell()
    except StoryError as error:
        log = stage.log_path.read_text(errors="replace")[-4000:]
        return [str(error), log]
    finally:
        told.stop()


if __name__ == "__main__":
    sys.exit(main())
