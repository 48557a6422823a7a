"""Author lines, split into people.

arXiv prints all authors in one line: "A B, C D (Inst X, City), E F (1 and 2)
((1) Inst Y, (2) Inst Z)". A comma inside parentheses separates nothing.
"""

from collections.abc import Iterable, Iterator

from digest.sources.entry import Author
from digest.sources.text import AUTHOR_COUNT, NAME_LENGTH, one_line

# Enough for the longest author list that is kept, affiliations included.
_LINE_LENGTH = 60_000
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
            authors.append(
                Author(one_line(name, NAME_LENGTH), one_line(affiliation, NAME_LENGTH))
            )
    return tuple(authors[:AUTHOR_COUNT])


def from_names(names: Iterable[str]) -> tuple[Author, ...]:
    """Authors that the source lists one by one."""
    cleaned = (one_line(name, NAME_LENGTH) for name in names)
    return tuple(Author(name) for name in cleaned if name)[:AUTHOR_COUNT]


def _pieces(line: str) -> Iterator[str]:
    """Cut at the commas outside parentheses; at all commas if they do not close."""
    if not _is_balanced(line):
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
    name, _, rest = piece.partition("(")
    place = rest.partition(")")[0].strip() if "(" not in rest.partition(")")[0] else ""
    is_mark = not any(char.isalpha() for char in place.replace("and", ""))
    return name.strip(), "" if is_mark else place
