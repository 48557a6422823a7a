"""Command line: `python -m digest.bench.story [--out DIR] [--procfile]`."""

import argparse
import logging
import os
import sys
import tempfile
from pathlib import Path

import django

from digest.bench.story.feeds import read_feeds
from digest.bench.story.processes import StoryError
from digest.bench.story.production import set_production_stage
from digest.bench.story.stage import Stage, set_stage

FEEDS = Path("../shared/data/feeds/arxiv_rss_rendered")


def main() -> int:
    """Tell the story; 0 if everything that must hold held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="keep every message here as .eml")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--provider", action="store_true", help="send over HTTP")
    how.add_argument(
        "--procfile",
        action="store_true",
        help="run the Procfile with production's settings, on PostgreSQL and Redis",
    )
    parser.add_argument("--feeds", type=Path, default=FEEDS, metavar="DIR")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperboy-story-") as name:
        folder = Path(name)
        if options.procfile:
            with set_production_stage(folder) as stage:
                problems = tell(stage, options)
        else:
            problems = tell(set_stage(folder, by_provider=options.provider), options)
    for problem in problems:
        print(f"PROBLEM {problem}", file=sys.stderr)
    print("The story holds." if not problems else f"{len(problems)} problems.")
    return 1 if problems else 0


def tell(stage: Stage, options: argparse.Namespace) -> list[str]:
    """Tell the story on a stage; what did not hold."""
    os.environ.update(stage.environment)
    django.setup()
    logging.disable(logging.INFO)
    # The tables can be imported only now that the settings are known.
    from digest.bench.story.telling import Story  # noqa: PLC0415

    days = read_feeds(options.feeds, stage.folder)
    story = Story(stage, days, options.out or stage.folder / "mail")
    try:
        return story.tell()
    except StoryError as error:
        log = stage.log_path.read_text(errors="replace")[-4000:]
        return [str(error), log]
    finally:
        story.stop()


if __name__ == "__main__":
    sys.exit(main())
