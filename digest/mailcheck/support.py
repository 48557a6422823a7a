"""C11: only what the big mail programs show, or can do without.

The list is docs/mail-support.md, which says of each property and element who lacks it
and what their readers miss. What is not on it is a violation until it is looked up.
"""

import re
from collections.abc import Iterator

from digest.mailcheck import css
from digest.mailcheck.message import Mail, squeeze
from digest.mailcheck.report import Violation

_LISTED = """
background background-color border border-bottom border-color border-left
border-top color color-scheme display font font-family font-size font-style
font-weight letter-spacing line-height margin margin-bottom margin-top max-width
overflow-wrap padding padding-bottom padding-left padding-right
supported-color-schemes text-align text-decoration vertical-align width word-break
"""
PROPERTIES = frozenset(_LISTED.split())
AT_RULES = frozenset({"@media"})

_UNREADABLE = re.compile(
    r"display\s*:\s*(?:inline-)?(?:flex|grid)|var\s*\(|background(?:-image)?\s*:[^;}]*url\(",
    re.IGNORECASE,
)
_AT_RULE = re.compile(r"@[a-z-]+")


def check(mail: Mail) -> Iterator[Violation]:
    """What some mail program would drop and nobody has looked up."""
    sheet = "\n".join(node.text() for node in mail.tree.css("style"))
    inline = [node.attributes["style"] or "" for node in mail.tree.css("[style]")]
    texts = [sheet, *inline]
    hits = {squeeze(hit).lower() for text in texts for hit in _UNREADABLE.findall(text)}
    for hit in sorted(hits):
        yield Violation("C11", f"mail programs lack {hit}")
    if mail.tree.css_first("[background]"):
        yield Violation("C11", "a background picture")
    for name in sorted(_properties(sheet, inline) - PROPERTIES):
        yield Violation("C11", f"a property that is not on the list: {name}")
    # R9 speaks about these two.
    rules = set(_AT_RULE.findall(sheet)) - {"@import", "@font-face"}
    for name in sorted(rules - AT_RULES):
        yield Violation("C11", f"a rule that is not on the list: {name}")


def _properties(sheet: str, inline: list[str]) -> set[str]:
    blocks = re.findall(r"\{([^{}]*)\}", sheet)
    return {each.name for text in (*blocks, *inline) for each in css.declarations(text)}
