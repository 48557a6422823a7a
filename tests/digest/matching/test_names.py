"""Author names: certain, possible, or somebody else."""

import pytest

from digest.matching.names import Agreement, compare_names, parse_name


@pytest.mark.parametrize(
    ("asked", "author", "expected"),
    [
        ("Jane Q Doe", "Jane Doe", Agreement.CERTAIN),
        ("Jane Doe", "Jane Q. Doe", Agreement.CERTAIN),
        ("Jane Q. Doe", "Jane Quincy Doe", Agreement.CERTAIN),
        ("doe, jane", "Jane Doe", Agreement.CERTAIN),
        ("Jane Doe", "Doe, Jane", Agreement.CERTAIN),
        ("Jane Doe", "Jane Doe Jr.", Agreement.CERTAIN),
        ("Doe", "Jane Doe", Agreement.CERTAIN),
        ("Jose Alvarez", "José Álvarez", Agreement.CERTAIN),
        ("Erwin Schrodinger", r"Erwin Schr\"odinger", Agreement.CERTAIN),
        ("Xiao-Ming Li", "Xiaoming Li", Agreement.CERTAIN),
        ("Guido van Rossum", "Guido Rossum", Agreement.CERTAIN),
        ("DeepSeek-AI", "DeepSeek-AI", Agreement.CERTAIN),
        ("Jane Doe", "J. Doe", Agreement.POSSIBLE),
        ("J. Doe", "Jane Doe", Agreement.POSSIBLE),
        ("J. Doe", "J. Doe", Agreement.POSSIBLE),
        ("Jean-Pierre Serre", "J.-P. Serre", Agreement.POSSIBLE),
        ("Jane Doe", "John Doe", Agreement.NONE),
        ("Jane Doe", "Jan Doe", Agreement.NONE),
        ("Jane Doe", "Jane Roe", Agreement.NONE),
        ("Jane Q Doe", "Jane R Doe", Agreement.NONE),
        ("Jane Doe", "M. Doe", Agreement.NONE),
        ("Jane Doe", "Doe", Agreement.NONE),
    ],
)
def test_it_compares(asked: str, author: str, expected: Agreement) -> None:
    assert compare_names(parse_name(asked), parse_name(author)) is expected


def test_it_finds_no_name_in_punctuation() -> None:
    assert parse_name(" ., ").last == ""
