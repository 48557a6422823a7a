"""JSON documents: read them once, and ask their values for what they should be."""

import json
from collections.abc import Mapping
from typing import Any

from digest.sources.entry import NotAFeed


def read(data: bytes) -> Any:
    """The JSON value of the document. Raises NotAFeed for anything else."""
    if not data.strip():
        raise NotAFeed("The answer is empty.")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotAFeed("The answer is not JSON.") from error


def text(value: Any) -> str:
    """The value if it is a text, else ""."""
    return value if isinstance(value, str) else ""


def count(value: Any) -> int:
    """The value if it is a whole number that a count can be, else 0."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return min(max(value, 0), 2**31 - 1) if is_number else 0


def mapping(value: Any) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else []
