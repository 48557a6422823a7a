"""Just enough CSS for mail: rules, declarations, weights, colours and lengths."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

Colour = tuple[float, float, float]

SCHEMES = ("light", "dark", "outlook")
"""As sent; under `prefers-color-scheme: dark`; under Outlook's data-ogsc/ogsb."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
_RGB = re.compile(
    r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)\s*(?:[,/]\s*(?:1|1\.0+|100%)\s*)?\)"
)
_NAMES = {
    "black": (0, 0, 0),
    "white": (255, 255, 255),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "red": (255, 0, 0),
    "maroon": (128, 0, 0),
    "yellow": (255, 255, 0),
    "green": (0, 128, 0),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "purple": (128, 0, 128),
}
_LENGTH = re.compile(r"(\d*\.?\d+)(px|pt|em|rem|%|)")
_PIXELS_PER_POINT = 4 / 3
_ROOT_SIZE = 16.0
_OUTLOOK = re.compile(r"\[data-ogs[cb]\]\s*")
_LINEAR_BELOW = 0.04045


@dataclass(frozen=True, slots=True)
class Declaration:
    """One property of one rule, with what decides between rivals."""

    name: str
    value: str
    is_important: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One selector with its declarations, in one colour scheme."""

    scheme: str
    selector: str
    declarations: tuple[Declaration, ...]

    @property
    def weight(self) -> tuple[int, int, int]:
        """Specificity: ids, classes and attributes, elements."""
        bare = re.sub(r"\[[^\]]*\]", ".x", self.selector)
        return (
            bare.count("#"),
            len(re.findall(r"[.]|:(?!:)", bare)),
            len(re.findall(r"(?:^|[\s>+~])[a-z]", bare)),
        )


def declarations(text: str) -> tuple[Declaration, ...]:
    """The declarations of a block or of a style attribute."""
    found = []
    for part in text.split(";"):
        name, colon, value = part.partition(":")
        value, mark, _ = value.partition("!important")
        if colon:
            name = name.strip().lower()
            found.append(Declaration(name, value.strip().lower(), bool(mark)))
    return tuple(found)


def rules(text: str) -> Iterator[Rule]:
    """The rules of a style sheet that hold on a wide screen."""
    yield from _rules(_COMMENT.sub(" ", text), "light")


def _rules(text: str, scheme: str) -> Iterator[Rule]:
    for head, body in _blocks(text):
        if head.startswith("@media"):
            inner = "dark" if re.search(r"scheme\s*:\s*dark", head) else scheme
            if "width" not in head and "print" not in head:
                yield from _rules(body, inner)
        elif not head.startswith("@"):
            found = declarations(body)
            for selector in head.split(","):
                is_outlook = _OUTLOOK.search(selector) is not None
                bare = _OUTLOOK.sub("", selector).strip()
                yield Rule("outlook" if is_outlook else scheme, bare, found)


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """Each `head { body }` on the outer level."""
    depth = start = opened = 0
    for position, char in enumerate(text):
        if char == "{":
            depth += 1
            opened = position if depth == 1 else opened
        elif char == "}" and depth:
            depth -= 1
            if not depth:
                head = text[start:opened].rpartition(";")[2]
                yield head.strip().lower(), text[opened + 1 : position]
                start = position + 1


def colour(value: str) -> Colour | None:
    """The first opaque colour in a value, 0 to 255 each; None if there is none."""
    if found := _RGB.search(value):
        return (float(found[1]), float(found[2]), float(found[3]))
    if found := _HEX.search(value):
        digits = found[0][1:]
        if len(digits) == len("rgb"):
            digits = "".join(digit * 2 for digit in digits)
        red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
        return (float(red), float(green), float(blue))
    for word in re.findall(r"[a-z]+", value.lower()):
        if word in _NAMES:
            return _NAMES[word]
    return None


def contrast(first: Colour, second: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= _LINEAR_BELOW:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)


def length(value: str, base: float) -> float | None:
    """Pixels of a length; `base` is what 1em or 100 % is. None if it is none."""
    found = _LENGTH.fullmatch(value.strip())
    if found is None:
        return None
    number, unit = float(found[1]), found[2]
    per_unit = {
        "px": 1.0,
        "pt": _PIXELS_PER_POINT,
        "rem": _ROOT_SIZE,
        "em": base,
        "%": base / 100,
        "": base,
    }
    return number * per_unit[unit]
