"""The command line: that of the bench's own process, and of the one that starts it."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all of them; where no corpus is given, papers are made up."""
    parser.add_argument("--readers", type=int, default=2_000, metavar="N")
    parser.add_argument("--papers", type=int, default=1_000, metavar="N")
    parser.add_argument(
        "--script-readers", type=int, default=300, metavar="N", help="of the script"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--database", metavar="URL", help="beside which a new one is made"
    )
    parser.add_argument("--sink", metavar="HOST:PORT", help="one that runs already")
    parser.add_argument("--corpus", type=Path, metavar="FILE")
