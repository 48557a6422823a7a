"""A bench in a process of its own: its settings are not those of whoever starts it."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def start(
    module: str,
    add_options: Callable[[argparse.ArgumentParser], None],
    options: Mapping[str, object],
) -> int:
    """Run the module with these options; return its exit code."""
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
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, check=False, cwd=ROOT).returncode
