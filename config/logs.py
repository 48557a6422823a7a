"""Logs: one JSON object a line, without addresses and without links that act.

What comes from outside cannot break a line or feign one: JSON escapes it.
"""

import json
import logging
import re
from datetime import UTC, datetime

TOKEN = re.compile(r"(/(?:u|l|m|f|list|confirm|digest|account/address)/)[^/\s\"'?]+")
WORD = re.compile(r"[^\s<>\"'(),:;=\[\]\\/]+")
AT = re.compile("@|%40")
"""How an address is marked, in a link, too."""

HOST = re.compile(r"[^.@]\.\w")


def mask(text: str) -> str:
    """Text without the tokens of links and without anybody's address.

    In time that grows as the text does, whatever stands in it: strangers choose what a
    log says of their requests.
    """
    return WORD.sub(_hide_address, TOKEN.sub(r"\1…", text))


def _hide_address(word: re.Match[str]) -> str:
    """The word, or if it is an address marks in its place; a full stop stays."""
    said = word[0]
    at = AT.search(said, 1)
    if at is None or not HOST.search(said, at.end()):
        return said
    return "…@…" + said[len(said.rstrip(".!?")) :]


class Plain(logging.Formatter):
    """Lines for people, masked."""

    def format(self, record: logging.LogRecord) -> str:
        """Write the record as its format says, then mask all of it."""
        return mask(super().format(record))


class Json(logging.Formatter):
    """Lines for machines: `at` (UTC), `level`, `logger`, `message`, `exception`."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one object on one line; what Python added to a traceback, too."""
        found = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": mask(record.getMessage()),
        }
        if record.exc_info:
            found["exception"] = mask(self.formatException(record.exc_info))
        return json.dumps(found)
