"""The command line: that of the bench's own process, and of the one that starts it."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all of them; where no corpus is given, papers are made up."""
    parser.add_argument("--digests", type=int, default=20_000, metavar="N")
    parser.add_argument(
        "--editions", type=int, metavar="E", help="different ones; else all are"
    )
    parser.add_argument("--papers", type=int, default=20, help="of each digest")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--hand-off", type=int, default=200, metavar="SIZE")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--database", metavar="URL", help="beside which a new one is made"
    )
    parser.add_argument("--sink", metavar="HOST:PORT", help="one that runs already")
    parser.add_argument("--corpus", type=Path, metavar="FILE")
    parser.add_argument(
        "--profile", action="store_true", help="where the workers' time goes"
    )
