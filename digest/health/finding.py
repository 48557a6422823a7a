"""What a check says: a verdict, a sentence, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """From good to bad; UNKNOWN is what cannot be told from here."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's word. `advice` is empty where nothing is to be done."""

    verdict: Verdict
    text: str
    advice: str = ""


Check = Callable[[datetime], Finding]
"""Called with the time; it changes nothing, whatever it finds."""


def ok(text: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.OK, text)


def unknown(text: str, advice: str = "") -> Finding:
    """It cannot be told from here."""
    return Finding(Verdict.UNKNOWN, text, advice)


def warn(text: str, advice: str) -> Finding:
    """It works, and will not for long, or not for everybody."""
    return Finding(Verdict.WARN, text, advice)


def fail(text: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(Verdict.FAIL, text, advice)
