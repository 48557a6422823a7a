r"""TeX in titles, abstracts and author names becomes readable Unicode text.

Pure, never raises, linear in the length of the text. What holds no TeX comes back
unchanged: money ("$5 and $10"), lone `$`, paths, `snake_case`, `--options`. The
symbol table is pylatexenc's; the walk over the text is our own, because a TeX
parser run over prose swallows its `&`, `%` and `$`. Nothing is escaped here: `$a<b$`
gives `a<b`, and whoever shows it escapes it.
"""

import re
from functools import lru_cache

from digest.tex import pairs, walk

MAX_LENGTH = 20_000
"""Longer texts come back as they are: no abstract is that long."""

_CONTROL = dict.fromkeys([*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0)])
_MAY_HAVE_MATHS = re.compile(r"\$|\\[(\[]")
_HAS_TEX = re.compile(r"[\\$^~{]|--|``")


@lru_cache(maxsize=2048)
def to_unicode(text: str) -> str:
    """The text with its TeX turned into plain Unicode, without control characters.

    Line breaks stay. The result holds no private-use or invisible character that
    the text did not hold.
    """
    text = text.translate(_CONTROL)
    if len(text) > MAX_LENGTH or not _HAS_TEX.search(text):
        return text
    return walk.convert(pairs.pair(text))


def find_maths(text: str) -> list[tuple[int, int]]:
    """Start and end of each formula in a text, its delimiters included."""
    if len(text) > MAX_LENGTH or not _MAY_HAVE_MATHS.search(text):
        return []
    formulas = pairs.pair(text).maths.items()
    return sorted((start, after) for start, (_, _, after) in formulas)
