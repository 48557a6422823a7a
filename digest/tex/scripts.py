# ruff: noqa: RUF001 (mathematical look-alikes are meant)
"""Superscripts, subscripts, fractions and accents in plain Unicode.

A subscript uses letters only where mail fonts have them: there is no ⱼ or β here,
so `x_{ij}` stays `x_ij` as a whole.
"""

import re
import unicodedata

_SUPERSCRIPT = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUW*∗∘°′",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁᵂ**°°′",
        strict=True,
    )
)
_SUBSCRIPT = dict(
    zip(
        "0123456789+-−=()aehiklmnoprstuvx",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢₖₗₘₙₒₚᵣₛₜᵤᵥₓ",
        strict=True,
    )
)
_SCRIPTS = {*_SUPERSCRIPT.values(), *_SUBSCRIPT.values()} - {"*", "°", "′"}
_ONE_TERM = re.compile(r"[\w.∞′]+\Z|\W\Z")
_IN_PARENTHESES = re.compile(r"\([^()]*\)\Z")
_SPACED_SIGN = re.compile(r"\s*([+\-−=])\s*")

# A word of these letters would be unreadable when raised: `x^{train}`.
_LONGEST_WORD = 2


def script(mark: str, inside: str) -> str:
    """`^` or `_` with what it lifts or lowers: ², ⁻³, ₂, else `_ij` or `^(n/2)`."""
    if not inside:
        return ""
    table = _SUPERSCRIPT if mark == "^" else _SUBSCRIPT
    tight = _SPACED_SIGN.sub(r"\1", inside)
    letters = sum(char.isalpha() for char in tight)
    if letters <= _LONGEST_WORD and all(char in table for char in tight):
        return "".join(table[char] for char in tight)
    is_nested = not _SCRIPTS.isdisjoint(inside)
    return f"{mark}({inside})" if is_nested else f"{mark}{term(inside)}"


def term(inside: str) -> str:
    """In parentheses unless it is one name, number or sign."""
    is_one = _ONE_TERM.match(inside) or _IN_PARENTHESES.match(inside)
    return inside if is_one else f"({inside})"


def fraction(above: str, below: str) -> str:
    """`a/b`, with parentheses where they are needed."""
    return f"{term(above.strip())}/{term(below.strip())}"


def root(inside: str) -> str:
    """√x, √(x+1)."""
    return f"√{term(inside.strip())}"


def accent(letter: str, mark: str) -> str:
    """The first letter with a combining mark, composed where Unicode can."""
    if letter in ("ı", "ȷ"):
        letter = "i" if letter == "ı" else "j"
    return unicodedata.normalize("NFC", letter[:1] + mark) + letter[1:]
