"""Holes: what differs from person to person in an edition that many share.

A hole is a name between two private-use characters. Text from outside never holds
them (sources drop private-use characters), so nobody can dig a hole of their own.
"""

import re
from collections.abc import Callable, Mapping

OPEN, CLOSE = "\ue000", "\ue001"
_HOLE = re.compile(f"{OPEN}([a-z_]+(?::[0-9]+)?){CLOSE}")

PERSONAL = ("unsubscribe_url", "manage_url", "web_url", "address", "since")

FEEDBACK = "feedback_token"
"""What makes the links about each paper the reader's own."""

BODY, COVERAGE = "body", "coverage"
"""Where an edition's parts and its honest line go."""

OWN = ("subject", "heading", "lead", "topics", "lead_wrapped", "topics_wrapped")
"""What is one edition's own."""


def hole(name: str) -> str:
    """The mark that stands for `name` until it is filled."""
    return f"{OPEN}{name}{CLOSE}"


def holes(*names: str) -> dict[str, str]:
    """Marks by name, for a template's context."""
    return {name: hole(name) for name in names}


def split(content: str) -> list[str]:
    """Text, hole's name, text, hole's name, ..., text."""
    return _HOLE.split(content)


def fill(
    content: str, values: Mapping[str, str], escape: Callable[[str], str] = str
) -> str:
    """Put the values in; each goes through `escape`.

    A hole without a value stays, to be filled later.
    """

    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        return escape(values[name]) if name in values else match.group(0)

    return _HOLE.sub(replace, content)
