"""Puts a program in this process's place: `python -m tests.queue.launch PROGRAM …`."""

import os
import sys

if __name__ == "__main__":
    os.execv(sys.argv[1], sys.argv[1:])  # noqa: S606  no shell is wanted
