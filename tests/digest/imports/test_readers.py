"""Tables of people as mailing programs write them, and as nobody should."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.imports.readers import (
    MOST_BYTES,
    MOST_ROWS,
    Row,
    TableRefusedError,
    read_table,
)


def emails(data: bytes) -> list[str]:
    return [row.email for row in read_table(data).rows]


@pytest.mark.parametrize(
    "data",
    [
        b"email\nann@example.org\nben@example.org\n",
        b"E-Mail\r\nann@example.org\r\nben@example.org\r\n",
        b"\xef\xbb\xbfEmail Address,Name\nann@example.org,Ann\nben@example.org,Ben",
        b"Name;E-Mail-Adresse\nAnn;ann@example.org\nBen;ben@example.org\n",
        b"name\tMAIL\nAnn\tann@example.org\n\t\nBen\tben@example.org\n",
        b'"email","name"\n"ann@example.org","Ann ""A"" Lee"\n"ben@example.org",\n',
        b"ann@example.org\nben@example.org\n",
        b"Ann,ann@example.org\nBen,ben@example.org\n",
        b"email\nAnn Lee <ann@example.org>\nmailto:ben@example.org\n",
        "email\nann@example.org\nben@example.org".encode("utf-16"),
        b"\n\nemail\n\nann@example.org\n\nben@example.org\n\n",
        b"email\rann@example.org\rben@example.org\r",
    ],
)
def test_it_reads_the_addresses_however_they_are_written(data: bytes) -> None:
    assert emails(data) == ["ann@example.org", "ben@example.org"]


def test_it_reads_topics_language_and_zone_and_names_what_it_does_not_read() -> None:
    table = read_table(
        b"Name,Email,Topics,Language,Time zone,Phone\n"
        b"Ann,ann@example.org,robotics; climate,en,Europe/Paris,123\n"
    )

    assert table.rows == (
        Row(2, "ann@example.org", ("robotics", "climate"), "en", "Europe/Paris"),
    )
    assert table.ignored == ("Name", "Phone")


def test_a_row_that_is_no_text_is_told_and_stops_no_other() -> None:
    data = "email,name\nann@example.org,Ann\nben@example.org,Bj\u00f6rn\n".encode(
        "latin-1"
    )
    ann, ben = read_table(data + b"cleo@example.org,Cleo\n").rows[:2]

    assert (ann.problem, ben.problem) == ("", "encoding")
    assert (ben.line, ben.email) == (3, "ben@example.org")


def test_a_quotation_mark_that_is_not_closed_swallows_nothing_in_silence() -> None:
    table = read_table(b'email,name\nann@example.org,"Ann\nben@example.org,Ben\n')

    assert [(row.line, row.problem) for row in table.rows] == [(3, "unclosed")]


def test_a_control_character_is_told() -> None:
    (row,) = read_table(b"email\nann\x07@example.org\n").rows

    assert row.problem == "control"
    assert row.email == "ann\ufffd@example.org"


def test_a_short_row_has_no_address() -> None:
    (row,) = read_table(b"name,email\nAnn\n").rows

    assert row.email == ""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "nothing"),
        (b" \n\n", "nothing"),
        (b"email\n", "nothing"),
        (b"name,phone\nAnn,12\n", "no_address_column"),
        (b"PK\x03\x04\x14\x00\x06\x00xl/worksheets", "encoding"),
        (b"e\x00m\x00a\x00i\x00l\x00", "encoding"),
        (b"\xff\xfee\x00m", "encoding"),
        (b"email\n" + b"a@example.org\n" * (MOST_ROWS + 1), "too_many"),
        (b"email\n" + b"a" * MOST_BYTES, "too_large"),
        (b"email" + b",x" * 500 + b"\na@example.org", "too_wide"),
    ],
)
def test_it_says_why_nothing_can_be_used(data: bytes, code: str) -> None:
    with pytest.raises(TableRefusedError) as caught:
        read_table(data)

    assert caught.value.code == code


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        table = read_table(data)
    except TableRefusedError:
        return
    for row in table.rows:
        row.email.encode("utf-8")


def test_the_largest_file_is_read_within_a_second() -> None:
    began = time.process_time()
    data = b"email,name\n" + b"someone@example.org,Somebody Else\n" * MOST_ROWS

    assert len(read_table(data).rows) == MOST_ROWS
    with pytest.raises(TableRefusedError):
        read_table(b'"' * MOST_BYTES)
    assert time.process_time() - began < 1
