"""C9 and C10: can it be read, by day and by night.

The styles of each piece of text are worked out as a browser does (rules, style
attributes, inheritance), once as sent, once under `prefers-color-scheme: dark` and
once under Outlook's dark rules. What depends on a program's own defaults is left out.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborNode, SelectolaxError

from digest.mailcheck import css
from digest.mailcheck.message import Mail, is_hidden, squeeze
from digest.mailcheck.report import Violation

LEAST_CONTRAST = 4.5
LEAST_SIZE = 14
LEAST_LEADING = 1.5

_PURE = {(0.0, 0.0, 0.0), (255.0, 255.0, 255.0)}
_NORMAL_LEADING = 1.2
_ROUNDING = 0.01
_EXCERPT = 40
_UNKNOWN = "unknown"
_NO_CHANGE = {"transparent", "none", "inherit"}

_Rank = tuple[bool, bool, tuple[int, int, int], int]
_Declared = tuple[_Rank, css.Declaration, str]


@dataclass(frozen=True, slots=True)
class _Look:
    """Computed style of an element. None: the program's default."""

    ink: css.Colour | None = None
    ground: css.Colour | None = None
    size: float = 16.0
    leading: float = _NORMAL_LEADING


def check(mail: Mail) -> Iterator[Violation]:
    """Contrast, sizes and dark mode of the HTML part."""
    sheet = "\n".join(node.text() for node in mail.tree.css("style"))
    rules = list(css.rules(sheet))
    yield from _check_dark(mail, sheet)
    yield from _check_pure(mail, rules)
    for scheme in css.SCHEMES:
        found = _Reading(mail, scheme, rules)
        yield from found.complaints()


def _check_dark(mail: Mail, sheet: str) -> Iterator[Violation]:
    meta = mail.tree.css_first("meta[name=color-scheme]")
    if meta is None or meta.attributes.get("content") != "light dark":
        yield Violation("C10", "no <meta name=color-scheme content='light dark'>")
    for wanted in ("prefers-color-scheme: dark", "[data-ogsc]"):
        if wanted.replace(" ", "") not in sheet.replace(" ", ""):
            yield Violation("C10", f"<style> has no rules for {wanted}")


def _check_pure(mail: Mail, rules: list[css.Rule]) -> Iterator[Violation]:
    declared = [each for rule in rules for each in rule.declarations]
    for node in mail.tree.css("[style]"):
        declared += css.declarations(node.attributes["style"] or "")
    values = {each.value for each in declared if _is_coloured(each.name)}
    values |= {node.attributes["bgcolor"] or "" for node in mail.tree.css("[bgcolor]")}
    for value in sorted(values):
        if css.colour(value) in _PURE:
            yield Violation("C10", f"pure black or white: {value}")


def _is_coloured(name: str) -> bool:
    return "color" in name or name.startswith(("background", "border"))


class _Reading:
    """The body read in one colour scheme."""

    def __init__(self, mail: Mail, scheme: str, rules: list[css.Rule]) -> None:
        self.scheme = scheme
        self._mail = mail
        self._declared: dict[int, list[_Declared]] = defaultdict(list)
        self._found: dict[str, str] = {}
        for order, rule in enumerate(rules):
            if rule.scheme in ("light", scheme):
                self._apply(order, rule)

    def complaints(self) -> Iterator[Violation]:
        """Each fault once, with a piece of the text that has it."""
        if self._mail.tree.body is not None:
            self._read(self._mail.tree.body, _Look())
        for fault, example in self._found.items():
            yield Violation("C9", f"{fault} ({self.scheme}): “{example}”")

    def _apply(self, order: int, rule: css.Rule) -> None:
        try:
            nodes = self._mail.tree.css(rule.selector)
        except SelectolaxError:
            return
        for node in nodes:
            for each in rule.declarations:
                rank = (each.is_important, False, rule.weight, order)
                self._declared[node.mem_id].append((rank, each, rule.scheme))

    def _read(self, root: LexborNode, look: _Look) -> None:
        waiting = [(root, look)]
        while waiting:
            node, inherited = waiting.pop()
            if is_hidden(node):
                continue
            own = self._look(node, inherited)
            for child in node.iter(include_text=True):
                if child.tag != "-text":
                    waiting.append((child, own))
                elif text := squeeze(child.text()):
                    self._judge(own, text)

    def _look(self, node: LexborNode, inherited: _Look) -> _Look:
        values = self._cascade(node)
        size = css.length(values.get("font-size", ""), inherited.size)
        if "background-color" not in values and "background" in values:
            values["background-color"] = values["background"]
        # A link without colour of its own has the program's, not its parent's.
        ink = None if node.tag == "a" else inherited.ink
        look = replace(
            inherited,
            ink=_pick(values, "color", ink),
            ground=_pick(values, "background-color", inherited.ground),
            size=inherited.size if size is None else size,
        )
        leading = css.length(values.get("line-height", ""), look.size)
        if leading is None:
            return look
        return replace(look, leading=leading / look.size if look.size else 0)

    def _cascade(self, node: LexborNode) -> dict[str, str]:
        own = css.declarations(node.attributes.get("style") or "")
        declared = list(self._declared[node.mem_id])
        declared += [((x.is_important, True, (0, 0, 0), 0), x, "light") for x in own]
        if bgcolor := node.attributes.get("bgcolor"):
            attribute = css.Declaration("background-color", bgcolor, is_important=False)
            declared.append(((False, False, (0, 0, 0), -1), attribute, "light"))
        best: dict[str, tuple[_Rank, str]] = {}
        for rank, each, scheme in declared:
            if each.name not in best or rank >= best[each.name][0]:
                best[each.name] = (rank, self._value(each, scheme))
        return {name: value for name, (_, value) in best.items()}

    def _value(self, declared: css.Declaration, scheme: str) -> str:
        # Outlook recolours by itself what its rules leave alone: nobody knows to what.
        is_lost = self.scheme == "outlook" != scheme and "color" in declared.name
        return _UNKNOWN if is_lost else declared.value

    def _judge(self, look: _Look, text: str) -> None:
        excerpt = text[:_EXCERPT]
        if look.ink and look.ground:
            ratio = css.contrast(look.ink, look.ground)
            if ratio < LEAST_CONTRAST:
                fault = (
                    f"contrast {ratio:.2f} of {_name(look.ink)} on {_name(look.ground)}"
                )
                self._found.setdefault(fault, excerpt)
        elif look.ground and self.scheme == "light":
            self._found.setdefault("a colour left to the mail program", excerpt)
        if self.scheme == "light":
            self._judge_size(look, excerpt)

    def _judge_size(self, look: _Look, excerpt: str) -> None:
        if look.size < LEAST_SIZE - _ROUNDING:
            self._found.setdefault(f"text of {look.size:g} px", excerpt)
        if look.leading < LEAST_LEADING - _ROUNDING:
            self._found.setdefault(f"line-height {look.leading:.2f}", excerpt)


def _name(colour: css.Colour) -> str:
    return "#" + "".join(f"{int(channel):02x}" for channel in colour)


def _pick(
    values: dict[str, str], name: str, inherited: css.Colour | None
) -> css.Colour | None:
    value = values.get(name, "inherit")
    return inherited if value in _NO_CHANGE else css.colour(value)
