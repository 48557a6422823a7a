"""The command line: that of the bench's own process, and of the one that starts it."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all of them; where no corpus is given, papers are made up."""
    parser.add_argument("--readers", type=int, default=2_000, metavar="N")
    parser.add_argument(
        "--database", metavar="URL", help="beside which a new one is made"
    )
    parser.add_argument("--corpus", type=Path, metavar="FILE")
