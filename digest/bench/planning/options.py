"""The command line: that of the bench's own process, and of the one that starts it."""

import argparse
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add all of them; where no corpus is given, papers are made up."""
    parser.add_argument("--subscribers", type=int, default=10_000, metavar="N")
    parser.add_argument(
        "--database", metavar="URL", help="beside which a new one is made"
    )
    parser.add_argument("--corpus", type=Path, metavar="FILE")
    parser.add_argument(
        "--profile", action="store_true", help="where the planner's time goes"
    )


def start(options: Mapping[str, object]) -> int:
    """Run the bench in a process whose settings are its own; return its exit code."""
    command = [sys.executable, "-m", "digest.bench.planning"]
    command += ["--subscribers", str(options["subscribers"])]
    if options["database"]:
        command += ["--database", str(options["database"])]
    if isinstance(options["corpus"], Path):  # it may be meant from another folder
        command += ["--corpus", str(options["corpus"].resolve())]
    if options["profile"]:
        command.append("--profile")
    return subprocess.run(command, check=False, cwd=ROOT).returncode
