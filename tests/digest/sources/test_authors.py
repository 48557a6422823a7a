"""One line of authors, split into people."""

import pytest

from digest.sources.authors import from_names, split_line
from digest.sources.entry import Author


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("A B,  C D", (Author("A B"), Author("C D"))),
        ("A B (X, Y), C D", (Author("A B", "X, Y"), Author("C D"))),
        (
            "A B (1), C D (1 and 2) ((1) Inst X, (2) Inst Y)",
            (Author("A B"), Author("C D")),
        ),
        ("A B (open, C D", (Author("A B", "open"), Author("C D"))),
        ("A B), C D (", (Author("A B)"), Author("C D"))),
        ("John Doe, Jr., C D", (Author("John Doe Jr."), Author("C D"))),
        (" , ,", ()),
        ("", ()),
    ],
)
def test_a_comma_in_parentheses_separates_nothing(
    line: str, expected: tuple[Author, ...]
) -> None:
    assert split_line(line) == expected


def test_at_most_two_hundred_authors_are_kept() -> None:
    names = [f"Author {number}" for number in range(3_000)]

    assert len(split_line(", ".join(names))) == len(from_names(names)) == 200
