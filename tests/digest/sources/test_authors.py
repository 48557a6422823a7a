"""One line of authors, split into people."""

import pytest

from digest.sources.authors import from_names, readable, split_line, split_list
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


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Smith, J.; Doe, A. B.;", ["J. Smith", "A. B. Doe"]),
        ("LAPALU, N., O'Connell, R. J., Lu, P.-L.", ["N. LAPALU", "R. J. O'Connell"]),
        ("Brandão S, Saeedi H, et al.", ["Brandão S", "Saeedi H"]),
        ("Gómez-Noguera, Samuel Enrique", ["Samuel Enrique Gómez-Noguera"]),
        ("van der Berg, Anna Maria", ["Anna Maria van der Berg"]),
        ("Jane Doe, Bob Roe", ["Jane Doe", "Bob Roe"]),
        ("Jane Doe, Jr.", ["Jane Doe Jr."]),
        ("A B, C D, and E F & G H", ["A B", "C D", "E F", "G H"]),
        ("jane.doe@example.org", []),
        ("Jane Doe jane@example.org", ["Jane Doe"]),
        ("", []),
    ],
)
def test_journals_write_authors_in_many_ways(line: str, expected: list[str]) -> None:
    found = [author.name for author in split_list(line)]

    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Doe, Jane", "Jane Doe"),
        ("Jane Doe", "Jane Doe"),
        ("Doe, Jr.", "Doe, Jr."),
        ("A, B, C", "A, B, C"),
    ],
)
def test_a_name_turned_round_is_turned_back(name: str, expected: str) -> None:
    assert readable(name) == expected
