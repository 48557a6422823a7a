r"""What each TeX command means in plain text: a symbol, or a rule for its arguments.

Symbols come from pylatexenc; the tables here hold what it lacks, what it decides
otherwise, and the commands that take arguments.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from pylatexenc.latex2text import get_default_latex_context_db

from digest.tex import scripts, tables

BACKSPACE = "\b"
"""In the place of something that goes together with the blank before it."""


@dataclass(frozen=True, slots=True)
class Command:
    """How many arguments a command takes and what they become.

    `build` gives None where the arguments do not fit: then it is no such command.
    A verbatim command takes its first argument as it stands (an address).
    `swallows` says that the blank after the name belongs to the command.
    """

    build: Callable[..., str | None]
    count: int = 0
    verbatim: bool = False
    swallows: bool = False
    is_word: bool = False


def _always(text: str) -> Callable[[], str]:
    return lambda: text


def _drop(_inside: str) -> str:
    return ""


def _drop_with_blank(_inside: str) -> str:
    return BACKSPACE


def _last(*args: str) -> str:
    return args[-1]


def _accent(name: str, mark: str) -> Command:
    def build(inside: str) -> str | None:
        # A tool that took "\rho" for a carriage return left `\r{ho}` behind.
        if len(inside) > 1 and (known := symbol(name + inside)):
            return known
        is_letter = inside[:1].isalpha()
        return scripts.accent(inside, mark) if is_letter else None

    return Command(build, 1)


def _maths_accent(mark: str) -> Command:
    def build(inside: str) -> str:
        inside = inside.strip()
        return scripts.accent(inside, mark) if len(inside) == 1 else inside

    return Command(build, 1)


def _blackboard(inside: str) -> str:
    return "".join(tables.BLACKBOARD.get(char, char) for char in inside)


def _link(address: str, text: str) -> str:
    says_it = text.strip().casefold() in address.casefold()
    return address if says_it else f"{text} ({address})"


def _code_point(digits: str) -> str | None:
    """Character of `x2013` (hexadecimal) or `8211`, if it can be seen."""
    match = re.fullmatch(r"[xX\"]([0-9A-Fa-f]{1,6})|([0-9]{1,7})", digits.strip())
    if match is None:
        return None
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if code <= 0x10FFFF and chr(code).isprintable() else ""  # noqa: PLR2004 (last code point)


def _negated(inside: str) -> str:
    return scripts.accent(inside, "\u0338")


def _binomial(above: str, below: str) -> str:
    return f"({above} choose {below})"


_COMMANDS = {
    **{name: Command(_always(text)) for name, text in tables.SYMBOLS.items()},
    **{name: Command(_always(""), swallows=True) for name in tables.SWITCHES.split()},
    **{name: Command(_always(x), swallows=True) for name, x in tables.LETTERS.items()},
    **{name: Command(_always(name), is_word=True) for name in tables.WORDS.split()},
    **{name: _accent(name, mark) for name, mark in tables.TEXT_ACCENTS.items()},
    **{name: _maths_accent(mark) for name, mark in tables.MATHS_ACCENTS.items()},
    **dict.fromkeys(tables.FONTS.split(), Command(_last, 1)),
    **dict.fromkeys(tables.CITATIONS.split(), Command(_drop_with_blank, 1)),
    **dict.fromkeys(tables.INVISIBLE.split(), Command(_drop, 1)),
    **dict.fromkeys(("textcolor", "scalebox", "foreignlanguage"), Command(_last, 2)),
    **dict.fromkeys(("frac", "tfrac", "dfrac", "cfrac"), Command(scripts.fraction, 2)),
    **dict.fromkeys(("binom", "tbinom", "dbinom"), Command(_binomial, 2)),
    **dict.fromkeys(("xrightarrow",), Command(lambda _label: "→", 1)),
    "sqrt": Command(scripts.root, 1),
    "mathbb": Command(_blackboard, 1),
    "not": Command(_negated, 1),
    "url": Command(_last, 1, verbatim=True),
    "href": Command(_link, 2, verbatim=True),
    "footnote": Command(lambda note: f" ({note})", 1),
    "pmod": Command(lambda number: f"(mod {number})", 1),
    "textsuperscript": Command(lambda text: scripts.script("^", text), 1),
    "textsubscript": Command(lambda text: scripts.script("_", text), 1),
    "ding": Command(lambda number: tables.DINGBATS.get(number, ""), 1),
    "unicode": Command(_code_point, 1),
    "char": Command(_code_point, 1),
}


def find(name: str) -> Command | None:
    """The command of that name (without backslash and star), if it is known."""
    command = _COMMANDS.get(name)
    if command is not None:
        return command
    known = symbol(name)
    return Command(_always(known)) if known else None


@cache
def _symbols() -> dict[str, str]:
    """The commands of pylatexenc that stand for fixed text."""
    context = get_default_latex_context_db()
    specs = context.iter_macro_specs()
    return {
        spec.macroname: spec.simplify_repl
        for spec in specs
        if isinstance(spec.simplify_repl, str)
        and "%" not in spec.simplify_repl
        and spec.simplify_repl.strip()
        and spec.simplify_repl.isprintable()
    }


def symbol(name: str) -> str:
    """The Unicode text of a symbol command, or "" if there is none."""
    return tables.SYMBOLS.get(name) or _symbols().get(name, "")
