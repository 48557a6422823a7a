"""Command line: `python -m digest.bench.story [--out DIR] [--provider]`."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django

from digest.bench.story.feeds import read_feeds
from digest.bench.story.processes import StoryError
from digest.bench.story.stage import set_stage

FEEDS = Path("../shared/data/feeds/arxiv_rss_rendered")


def main() -> int:
    """Tell the story; 0 if everything that must hold held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="keep every message here as .eml")
    parser.add_argument("--provider", action="store_true", help="send over HTTP")
    parser.add_argument("--feeds", type=Path, default=FEEDS, metavar="DIR")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperboy-story-") as name:
        problems = tell(Path(name), options)
    for problem in problems:
        print(f"PROBLEM {problem}", file=sys.stderr)
    print("The story holds." if not problems else f"{len(problems)} problems.")
    return 1 if problems else 0


def tell(folder: Path, options: argparse.Namespace) -> list[str]:
    """Set the stage in a folder and tell the story there; what did not hold."""
    stage = set_stage(folder, by_provider=options.provider)
    os.environ.update(stage.environment)
    django.setup()
    # The tables can be imported only now that the settings are known.
    from digest.bench.story.telling import Story  # noqa: PLC0415

    story = Story(
        stage, read_feeds(options.feeds, folder), options.out or folder / "mail"
    )
    try:
        return story.tell()
    except StoryError as error:
        log = stage.log_path.read_text(errors="replace")[-4000:]
        return [str(error), log]
    finally:
        story.stop()


if __name__ == "__main__":
    sys.exit(main())
