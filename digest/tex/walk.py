# ruff: noqa: RUF001 (mathematical look-alikes are meant)
r"""One walk over a text whose brackets are paired, turning TeX into plain text.

Each kind of token has a reader. A reader gives the text that takes the place of the
token, and the position where the walk goes on; arguments are walked once, so the
work is linear in the length times the bounded depth.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from digest.tex import commands, scripts
from digest.tex.commands import Command
from digest.tex.pairs import Paired

MAX_DEPTH = 12
"""Arguments nested deeper stay as TeX; bounds the work on hostile input."""

_LONGEST_OPTION = 100
_LONGEST_QUOTE = 500
_LONGEST_ADDRESS = 300

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.|\Z)|[{}$^_~']|-{2,}|``", re.DOTALL)
_SIGNED_NUMBER = re.compile(r"[-+−]?\d+")
_CHAR_CODE = re.compile(r"\"[0-9A-Fa-f]{1,6}|\d{1,7}")
_BACKSPACE = re.compile(rf"(?<! ) *{commands.BACKSPACE}")
_JOINED_GROUP = re.compile(r"\{(?:[,.;:]?|[A-Z]{1,6}|[^\x00-\x7f]{1,2})\}")
# The point of `\left.` stands for a bracket that is not there.
_SWALLOWED = dict.fromkeys((r"\left", r"\right"), " .")
_BLANKS = re.compile(r" {2,}")
_OUTSIDE_WORD = set(" \n([{/$=,.;:_^\\")
_DASHES = {2: "–", 3: "—"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk is: the end of the part at hand, its mode and depth."""

    end: int
    is_maths: bool = False
    depth: int = 0

    def inside(self, end: int, *, is_maths: bool) -> "_Place":
        return _Place(end, is_maths, self.depth + 1)


_Step = tuple[str, int]


def convert(tex: Paired) -> str:
    """The whole text, converted."""
    return _convert(tex, 0, _Place(len(tex.text)))


def _convert(tex: Paired, start: int, place: _Place) -> str:
    if place.depth > MAX_DEPTH:
        return tex.text[start : place.end]
    pieces: list[str] = []
    while found := _TOKEN.search(tex.text, start, place.end):
        pieces.append(tex.text[start : found.start()])
        piece, start = _READERS[found[0][0]](tex, found, place)
        pieces.append(piece)
    pieces.append(tex.text[start : place.end])
    joined = _BACKSPACE.sub("", "".join(pieces))
    return _BLANKS.sub(" ", joined) if place.is_maths else joined


def _before(tex: Paired, found: re.Match[str]) -> str:
    """The character before the token, a blank at the start of the text."""
    return tex.text[found.start() - 1] if found.start() else " "


def _is_in_address(tex: Paired, position: int) -> bool:
    words = tex.text[max(0, position - _LONGEST_ADDRESS) : position].split(" ")
    return "://" in words[-1]


def _read_dollar(tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    segment = tex.maths.get(found.start())
    if segment is None or segment[2] > place.end:
        return found[0], found.end()
    start, end, after = segment
    inside = _convert(tex, start, place.inside(end, is_maths=True)).strip()
    return ("−" if inside == "-" else inside), after


def _read_brace(tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    """A group with TeX in it goes, and one inside a word: `1{,}000`. A set stays."""
    if place.is_maths:
        return "", found.end()
    start = found.start()
    close = tex.braces.get(start, place.end)
    if _before(tex, found) not in _OUTSIDE_WORD and _JOINED_GROUP.match(
        tex.text, start
    ):
        return tex.text[start + 1 : close], close + 1
    if close >= place.end or tex.text[start + 1] != "\\":
        return found[0], found.end()
    return _convert(tex, start + 1, place.inside(close, is_maths=False)), close + 1


def _read_closing_brace(_tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    return ("" if place.is_maths else found[0]), found.end()


def _read_prime(_tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    return ("′" if place.is_maths else found[0]), found.end()


def _read_dashes(tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    after = tex.text[found.end() : found.end() + 1]
    is_option = _before(tex, found) in " \n(['\"`" and after.isalnum()
    if place.is_maths or is_option or _is_in_address(tex, found.start()):
        return found[0], found.end()
    return _DASHES.get(len(found[0]), found[0]), found.end()


def _read_tie(tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    before, after = _before(tex, found), tex.text[found.end() : found.end() + 1]
    is_range = before.isdigit() and after.isdigit()
    is_tie = (before.isalnum() or before in ".,;:)]}$%") and bool(after.strip())
    is_tie = is_tie and not is_range and not _is_in_address(tex, found.start())
    return (" " if place.is_maths or is_tie else found[0]), found.end()


def _read_quote(tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    start = found.end()
    close = tex.text.find("''", start, min(place.end, start + _LONGEST_QUOTE))
    if close < 0 or "``" in tex.text[start:close]:
        return found[0], start
    inside = _convert(tex, start, place.inside(close, is_maths=False))
    return f"“{inside}”", close + 2


def _read_script(tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    """In maths always; in prose only `n^2`, `10^-3` and what stands in braces."""
    mark, after = found[0], found.end()
    if place.is_maths:
        inside, after = _argument(tex, after, place)
        return scripts.script(mark, inside.strip()), after
    before = _before(tex, found)
    if not (before.isalnum() or before in ")]}$"):
        return mark, after
    if tex.braces.get(after, place.end) < place.end:
        close = tex.braces[after]
        inside = _convert(tex, after + 1, place.inside(close, is_maths=True))
        return scripts.script(mark, inside.strip()), close + 1
    number = _SIGNED_NUMBER.match(tex.text, after, place.end) if mark == "^" else None
    return (scripts.script(mark, number[0]), number.end()) if number else (mark, after)


def _argument(tex: Paired, start: int, place: _Place) -> _Step:
    """The next argument: a group, a command with its own arguments, or a character."""
    while start < place.end and tex.text[start] == " ":
        start += 1
    close = tex.braces.get(start, place.end)
    if close < place.end:
        inside = place.inside(close, is_maths=place.is_maths)
        return _convert(tex, start + 1, inside), close + 1
    found = _TOKEN.match(tex.text, start, place.end)
    if found and found[0] == "{":
        return "", start + 1
    if found and found[0][0] == "\\" and place.depth < MAX_DEPTH:
        return _read_command(
            tex, found, place.inside(place.end, is_maths=place.is_maths)
        )
    return tex.text[start : min(start + 1, place.end)], min(start + 1, place.end)


def _read_command(tex: Paired, found: re.Match[str], place: _Place) -> _Step:
    if found.start() in tex.maths:
        return _read_dollar(tex, found, place)
    name = found[0][1:].rstrip("*") or found[0][1:]
    command = commands.find(name)
    step = _apply(tex, command, found, place) if command else None
    return step or _read_unknown(tex, name, found, place)


def _apply(
    tex: Paired, command: Command, found: re.Match[str], place: _Place
) -> _Step | None:
    arguments, after = _arguments(tex, command, found, place)
    text = command.build(*arguments)
    if text is None:
        return None
    before = _before(tex, found)
    if command.is_word:
        return (f" {text}" if before.isalnum() or before in ")]}" else text), after
    following = tex.text[after + 1 : after + 2]
    is_close = place.is_maths and not command.count and found[0][1:].isalpha()
    is_close = is_close and before != " " and (following.isalnum() or following in "([")
    # `96\times 96` has its blank only to end the name; `96 \times 96` shows two.
    if command.swallows or is_close:
        swallowed = _SWALLOWED.get(found[0], " ")
        after += after < place.end and tex.text[after] in swallowed
    return text, after


def _arguments(
    tex: Paired, command: Command, found: re.Match[str], place: _Place
) -> tuple[list[str], int]:
    after = found.end()
    if found[0] == r"\char" and (code := _CHAR_CODE.match(tex.text, after, place.end)):
        return [code[0]], code.end()
    if command.count and found[0][1].isalpha():
        after = _skip_option(tex, after, place)
    arguments: list[str] = []
    if command.verbatim and tex.braces.get(after, place.end) < place.end:
        close = tex.braces[after]
        arguments.append(re.sub(r"\\([_%#&~])", r"\1", tex.text[after + 1 : close]))
        after = close + 1
    while len(arguments) < command.count:
        argument, after = _argument(tex, after, place)
        arguments.append(argument)
    return arguments, after


def _skip_option(tex: Paired, start: int, place: _Place) -> int:
    if tex.text[start : start + 1] != "[":
        return start
    close = tex.text.find("]", start, min(place.end, start + _LONGEST_OPTION))
    return close + 1 if close >= 0 else start


def _read_unknown(tex: Paired, name: str, found: re.Match[str], place: _Place) -> _Step:
    """An author's own command: its argument if it has one, else its name."""
    after = found.end()
    close = tex.braces.get(after, place.end)
    if close < place.end:
        inside = place.inside(close, is_maths=place.is_maths)
        return _convert(tex, after + 1, inside) or name, close + 1
    if tex.text[after : after + 1] == "{" and after < place.end:
        return "", after + 1
    before = _before(tex, found)
    is_path = not place.is_maths and (before.isalpha() or before in ":\\")
    is_escape = not place.is_maths and len(name) == 1 and name.islower()
    return (found[0] if is_path or is_escape or not name else name), after


_READERS: dict[str, Callable[[Paired, re.Match[str], _Place], _Step]] = {
    "\\": _read_command,
    "$": _read_dollar,
    "{": _read_brace,
    "}": _read_closing_brace,
    "^": _read_script,
    "_": _read_script,
    "~": _read_tie,
    "'": _read_prime,
    "-": _read_dashes,
    "`": _read_quote,
}
