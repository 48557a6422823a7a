"""Author lines, split into people.

arXiv prints all authors in one line: "A B, C D (Inst X, City), E F (1 and 2)
((1) Inst Y, (2) Inst Z)". A comma inside parentheses separates nothing.
"""

import re
from collections.abc import Iterable, Iterator

from digest.sources.entry import Author
from digest.sources.text import AUTHOR_COUNT, NAME_LENGTH, one_line

# Enough for the longest author list that is kept, affiliations included.
_LINE_LENGTH = 60_000
_PAIR = 2
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_AND = re.compile(r",?\s+(?:and|&)\s+")
_ET_AL = re.compile(r"et al\.?|and others", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]?){1,5}")
_SUFFIXES = {"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"}


def split_line(line: str) -> tuple[Author, ...]:
    """The authors of one comma-separated line, with affiliations apart."""
    authors: list[Author] = []
    for piece in _pieces(one_line(line, _LINE_LENGTH)):
        name, affiliation = _name_and_affiliation(piece)
        if authors and name.lower() in _SUFFIXES:
            last = authors.pop()
            name, affiliation = f"{last.name} {name}", affiliation or last.affiliation
        if name:
            place = one_line(affiliation, NAME_LENGTH) if affiliation else ""
            authors.append(Author(one_line(name, NAME_LENGTH), place))
    return tuple(authors[:AUTHOR_COUNT])


def split_list(line: str) -> tuple[Author, ...]:
    """The authors of a line in any of the forms that journals use.

    "Smith, J.; Doe, A." and "Smith, J., Doe, A." are two people each, "A B, C D" and
    "Smith J, Doe A" too, "Gómez-Noguera, Samuel" is one. E-mail addresses go.
    """
    text = _EMAIL.sub("", one_line(line, _LINE_LENGTH)).strip(" ;,")
    if ";" in text:
        return from_names(readable(piece) for piece in text.split(";"))
    pieces = [piece.strip() for piece in _AND.sub(", ", text).split(",")]
    pieces = [piece for piece in pieces if piece and not _ET_AL.fullmatch(piece)]
    given_names = pieces[1::2]
    if given_names and all(_INITIALS.fullmatch(piece) for piece in given_names):
        pairs = zip(pieces[::2], given_names, strict=False)
        return from_names(f"{given} {family}" for family, given in pairs)
    if len(pieces) == _PAIR and _is_inverted(*pieces):
        return from_names([f"{pieces[1]} {pieces[0]}"])
    return split_line(", ".join(pieces))


def readable(name: str) -> str:
    """ "Jane Doe" for "Doe, Jane"; a name without one comma stays as it is."""
    family, comma, given = name.partition(",")
    is_inverted = comma and "," not in given and given.strip().lower() not in _SUFFIXES
    return f"{given.strip()} {family.strip()}" if is_inverted else name.strip()


def from_names(names: Iterable[str]) -> tuple[Author, ...]:
    """Authors that the source lists one by one."""
    cleaned = (one_line(name, NAME_LENGTH) for name in names)
    return tuple(Author(name) for name in cleaned if name)[:AUTHOR_COUNT]


def _is_inverted(family: str, given: str) -> bool:
    """Whether two pieces are one person, not two."""
    if given.lower() in _SUFFIXES:
        return False
    return " " not in family or " " not in given or family[:1].islower()


def _pieces(line: str) -> Iterator[str]:
    """Cut at the commas outside parentheses; at all commas if they do not close."""
    if "(" not in line or not _is_balanced(line):
        yield from line.split(",")
        return
    depth = start = 0
    for position, char in enumerate(line):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            yield line[start:position]
            start = position + 1
    yield line[start:]


def _is_balanced(line: str) -> bool:
    depth = 0
    for char in line:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            return False
    return depth == 0


def _name_and_affiliation(piece: str) -> tuple[str, str]:
    """What stands before the first parenthesis, and the first place named in one.

    "(1)" and "(1 and 2)" are footnote marks, and a group that opens with another
    parenthesis is the legend to them: neither is a place.
    """
    name, opened, rest = piece.partition("(")
    if not opened:
        return name.strip(), ""
    place = rest.partition(")")[0].strip() if "(" not in rest.partition(")")[0] else ""
    is_mark = not any(char.isalpha() for char in place.replace("and", ""))
    return name.strip(), "" if is_mark else place
