r"""Which bracket and which `$` belongs to which, found in one pass each."""

import re
from dataclasses import dataclass

_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_DELIMITERS = re.compile(r"\\.|\$\$?", re.DOTALL)
_PROSE = re.compile(r"[A-Za-z]{2}[,.;:]?\s+[A-Za-z]")
_MARKS_MATHS = re.compile(r"[\\^_{}<>=+|]")

_CLOSING = {r"\(": r"\)", r"\[": r"\]", "$": "$", "$$": "$$"}


@dataclass(frozen=True, slots=True)
class Paired:
    """A text, its `{` with their `}`, and its maths.

    `maths` maps the start of a segment to the bounds of its inside and the position
    after it.
    """

    text: str
    braces: dict[int, int]
    maths: dict[int, tuple[int, int, int]]


def pair(text: str) -> Paired:
    """The text with its brackets paired. What has no partner is left out."""
    return Paired(text, _pair_braces(text), _pair_maths(text))


def _pair_braces(text: str) -> dict[int, int]:
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACES.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            pairs[opened.pop()] = found.start()
    return pairs


def _pair_maths(text: str) -> dict[int, tuple[int, int, int]]:
    segments: dict[int, tuple[int, int, int]] = {}
    opening = ("", 0, 0)
    for found in _DELIMITERS.finditer(text):
        mark, start, end = found[0], found.start(), found.end()
        if mark == "$$" and opening[0] == "$":
            # Two formulas that touch: `$x^2$$>1$`.
            mark, end = "$", start + 1
        if opening[0] and mark == _CLOSING[opening[0]]:
            inside = (opening[2], start)
            if mark[0] != "$" or _reads_as_maths(text, *inside):
                segments[opening[1]] = (*inside, end)
                opening = ("", 0, 0) if end == found.end() else ("$", end, end + 1)
            else:
                opening = (mark, start, end)
        elif mark in _CLOSING and (not opening[0] or mark[0] == "\\"):
            opening = (mark, start, end)
    return segments


def _reads_as_maths(text: str, start: int, end: int) -> bool:
    """Whether what stands between two `$` is a formula, not prose between prices."""
    inside = text[start:end]
    if not inside.strip():
        return False
    if inside[0].isdigit() and text[end + 1 : end + 2].isdigit():
        return False
    return bool(_MARKS_MATHS.search(inside)) or not _PROSE.search(inside)
