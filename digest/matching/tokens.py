"""From text to tokens: what counts as a word, and what makes two words alike.

Promise: identifiers live ("C++", "p53", "SARS-CoV-2", "GPT-4", "3D", "$L_2$"),
case and accents do not matter (TeX accents neither), every token knows where it
stands in the text it came from, and folding a folded word changes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Chinese and Japanese write no spaces: each character is a token of its own, so
# that a word of several characters is looked for like a phrase.
_CJK = (
    "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
_TEX_ACCENT = r"\{?\\[\"'`^~=.]\{?(?:[A-Za-z]|\\[ij](?![A-Za-z]))\}{0,2}"
_CHARACTER = rf"(?:[^\W_{_CJK}][\u0300-\u036f]*|{_TEX_ACCENT})"
_INDEX = rf"\$?\\?[_^]\{{?{_CHARACTER}+\}}?\$?"  # L_2, L_{2}, CO$_2$, foo\_bar
_WORD = (
    r"\\?(?:(?<!\w)[A-Za-z](?:\+\+|\#(?!\w))"  # C++, C#
    rf"|{_CHARACTER}(?:{_CHARACTER}|{_INDEX}|(?<=\d)\.(?=\d)|['\u2019](?=[^\W\d_]))*)"
)
_STYLE = r"\\(?:text[a-z]*|math[a-z]*|emph|it|bf|rm|sc|tt|em|left|right)(?![A-Za-z])"
# A full stop alone: titles, which people quote, go on after "vs." and "?".
_SENTENCE_END = r"(?<=[a-z]{3})\.\s+(?=[A-Z])"
# Most words are plain; telling them at once saves a third of the time.
_PLAIN_WORD = r"[A-Za-z0-9]++(?![\w'\u2019_^\\{}$+#\u0300-\u036f]|\.\d)"
_TOKEN = re.compile(
    rf"(?P<plain>{_PLAIN_WORD})"
    rf"|(?P<style>{_STYLE})|(?P<stop>{_SENTENCE_END})|(?P<word>[{_CJK}]|{_WORD})"
)
_HYPHEN = re.compile(r"[}$]{0,2}(?:--?|[\u2010\u2011\u2013\u2212])[{$]{0,2}")

_MARKS = re.compile("[\u0300-\u036f]")
_TEX_MARKS = re.compile(r"\\[\"'`^~=.]|\\(?=[ij_^])|[{}$_^]|^\\")
_POSSESSIVE = re.compile(r"['\u2019]s$")
_PLAIN = re.compile(rf"[^\W_{_CJK}]+(?:\.\d+)*|[{_CJK}]|[a-z](?:\+\+|\#)")
_NOT_PLAIN = re.compile(rf"[\W_{_CJK}]+")
# Letters that Unicode does not take apart.
_SINGLE = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)


class Token(NamedTuple):
    """One word as it stands: `raw` is `text[start:end]`.

    `form` is the folded word; empty for the end of a sentence, which no phrase
    crosses. `is_joined`: a hyphen ties it to the token before.
    """

    form: str
    raw: str
    start: int
    end: int
    is_joined: bool


@lru_cache(maxsize=100_000)
def fold(raw: str) -> str:
    """Return the word without case, accents, TeX marks and possessive; may be empty.

    A Greek letter alone becomes its name, as in TeX: "$\\alpha$-synuclein" is
    "alpha-synuclein", whoever wrote it.
    """
    word = _TEX_MARKS.sub("", _POSSESSIVE.sub("", raw))
    word = _MARKS.sub("", unicodedata.normalize("NFKD", word)).casefold()
    word = _MARKS.sub("", unicodedata.normalize("NFKD", word)).translate(_SINGLE)
    word = unicodedata.normalize("NFC", word)
    if not _PLAIN.fullmatch(word):
        word = _NOT_PLAIN.sub("", word)
    return _greek_name(word) if len(word) == 1 else word


def _greek_name(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if not name.startswith("GREEK SMALL LETTER "):
        return letter
    return name.split()[-1].lower().replace("lamda", "lambda")


def tokenise(text: str) -> list[Token]:
    """Return the tokens of a text in order."""
    tokens: list[Token] = []
    last_end = 0
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "style":
            continue
        start, end = found.span()
        raw = found.group()
        form = "" if found.lastgroup == "stop" else fold(raw)
        if not form and found.lastgroup != "stop":
            continue
        between = text[last_end:start]  # most often a blank: asked first
        is_joined = between != " " and bool(tokens and _HYPHEN.fullmatch(between))
        tokens.append(Token(form, raw, start, end, is_joined))
        last_end = end
    return tokens


def compounds(tokens: list[Token]) -> list[tuple[int, int]]:
    """Return the (first, after last) of each run of tokens that hyphens tie."""
    runs: list[tuple[int, int]] = []
    first = 0
    for index in range(1, len(tokens) + 1):
        if index == len(tokens) or not tokens[index].is_joined:
            if index - first > 1:
                runs.append((first, index))
            first = index
    return runs


def join(parts: tuple[str, ...]) -> str:
    """Return a compound written as one word ("pretraining"), or "" if that is unsafe.

    "5-10" is no 510, and a chain of more than four words is written apart by all.
    """
    word = "".join(parts)
    is_word = len(parts) <= _LONGEST_COMPOUND and any(map(str.isalpha, word))
    return word if is_word and _PLAIN.fullmatch(word) else ""


_LONGEST_COMPOUND = 4
