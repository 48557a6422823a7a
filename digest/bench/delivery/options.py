"""The command line: that of the bench's own process, and of the one that starts it."""

import argparse
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


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


def start(options: Mapping[str, object]) -> int:
    """Run the bench in a process whose settings are its own; return its exit code."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    arguments = []
    for action in parser._actions[1:]:  # noqa: SLF001  the first one is --help
        value = options[action.dest]
        if isinstance(value, Path):
            value = value.resolve()  # it may be meant from another folder
        if value is True:
            arguments.append(action.option_strings[0])
        elif value:
            arguments += [action.option_strings[0], str(value)]
    command = [sys.executable, "-m", "digest.bench.delivery", *arguments]
    return subprocess.run(command, check=False, cwd=ROOT).returncode
