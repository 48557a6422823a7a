"""Read an untrusted document in a process of its own, with limits.

Some documents of half a megabyte keep a parser busy for a quarter of an hour or
fill the memory. There they cost one short-lived process, not the worker.
Run as `python -m digest.sources.sandbox KIND TODAY CONTENT_TYPE CPU_SECONDS`,
document on standard input, JSON on standard output.
"""

import json
import resource
import subprocess
import sys
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from digest.garbage import put_off_collection
from digest.sources.entry import (
    Entry,
    NotAFeed,
    Parsed,
    SourceError,
)
from digest.sources.entry_json import read_entry, write_entry
from digest.sources.kinds import KINDS

CPU_SECONDS = 10
MEMORY_BYTES = 512 * 1024 * 1024
WALL_SECONDS = 20

_ROOT = Path(__file__).resolve().parents[2]


def parse(
    kind: str,
    data: bytes,
    *,
    content_type: str,
    today: date,
    cpu_seconds: int = CPU_SECONDS,
) -> Parsed:
    """What `KINDS[kind].parse` says about the document, from a bounded process.

    Raises what the parser raises, and SourceError if it hits a limit.
    """
    arguments = [
        kind,
        today.isoformat(),
        content_type.replace("\0", ""),
        str(cpu_seconds),
    ]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "digest.sources.sandbox", *arguments],
            input=data,
            capture_output=True,
            cwd=_ROOT,
            env={},  # no secret is near an untrusted document
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError("The document took too long to read.") from error
    if done.returncode != 0:
        raise SourceError("The document is too large or too tangled to be read.")
    with put_off_collection():
        return _answered(json.loads(done.stdout))


def _answered(answer: dict[str, Any]) -> Parsed:
    if "not_a_feed" in answer:
        raise NotAFeed(answer["not_a_feed"])
    if "error" in answer:
        raise SourceError(answer["error"])
    expires_at = answer["next_url_expires_at"]
    return Parsed(
        entries=tuple(read_entry(stated) for stated in answer["entries"]),
        title=answer["title"],
        announced_on=_day(answer["announced_on"]),
        problems=tuple(answer["problems"]),
        next_url=answer["next_url"],
        next_url_expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        is_whole=answer["is_whole"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _limit(kind: int, most: int) -> None:
    """Lower a limit of this process; one that is lower already stays."""
    _, hard = resource.getrlimit(kind)
    allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (allowed, allowed))


def _plain(value: object) -> Any:
    """What JSON cannot write by itself."""
    if isinstance(value, Entry):
        return write_entry(value)
    if isinstance(value, Parsed):
        return {field.name: getattr(value, field.name) for field in fields(Parsed)}
    return str(value)


def main(kind: str, today: str, content_type: str, cpu_seconds: str) -> None:
    """Parse standard input under the limits and print the result."""
    _limit(resource.RLIMIT_CPU, int(cpu_seconds))
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    data = sys.stdin.buffer.read()
    answer: Parsed | dict[str, str]
    try:
        with put_off_collection():
            answer = KINDS[kind].parse(data, content_type, date.fromisoformat(today))
    except NotAFeed as error:
        answer = {"not_a_feed": str(error)}
    except SourceError as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer, default=_plain))


if __name__ == "__main__":
    main(*sys.argv[1:])
