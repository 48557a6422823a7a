"""R1 to R12: one thing wrong gives one number, and a good message none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.mailcheck import check_message
from tests.digest.mailcheck.messages import (
    CONFIRMATION,
    DIGEST,
    OTHER,
    RECIPIENT,
    Message,
    numbers,
)


@pytest.mark.parametrize("message", [DIGEST, CONFIRMATION])
def test_it_finds_nothing_in_a_good_message(message: Message) -> None:
    assert numbers(message.raw()) == set()


@pytest.mark.parametrize(
    ("number", "broken"),
    [
        ("R1", DIGEST.plus_header("Subject: once more")),
        ("R1", DIGEST.without_header("Date")),
        ("R1", DIGEST.with_header("Sender: a@b.example").plus_header("Sender: c@d.e")),
        ("R2", DIGEST.with_header("From: a@papers.example.org, b@papers.example.org")),
        ("R2", DIGEST.with_header("From: Paperboy <papers@elsewhere.example>")),
        ("R3", DIGEST.with_header(f"To: {RECIPIENT}, third@home.example")),
        ("R3", DIGEST.plus_header("Cc: third@home.example")),
        ("R3", DIGEST.plus_header("Bcc: third@home.example")),
        ("R3", DIGEST.with_text("COFFEE", f"COFFEE {OTHER}")),
        ("R4", DIGEST.with_header("Message-ID: <1@elsewhere.example>")),
        ("R4", DIGEST.with_header("Message-ID: 1@papers.example.org")),
        ("R5", DIGEST.with_header("Date: yesterday")),
        ("R5", DIGEST.with_header("Date: Sat, 21 Nov 2026 06:00:00 -0000")),
        ("R7", DIGEST.with_text("beans", "peas")),
        ("R7", DIGEST.with_text("https://arxiv.org/abs/2611.00002", "(no link)")),
        ("R9", DIGEST.with_html("<h1>", "<script>1</script><h1>")),
        ("R9", DIGEST.with_html("<h1>", "<form></form><h1>")),
        ("R9", DIGEST.with_html("<style>", "<link rel=stylesheet><style>")),
        ("R9", DIGEST.with_html("<style>", "<style>@import 'a.css';")),
        ("R9", DIGEST.with_html("<style>", "<style>" + ".a { margin: 0; }" * 1000)),
        (
            "R10",
            DIGEST.plus_header("X smuggled: name with a blank"),
        ),
        ("R10", DIGEST.plus_header("Apparently-To: third@home.example")),
        ("R10", DIGEST.with_header("List-Owner: <mailto:=?utf-8?q?a=0D=0Ab@c.d?=>")),
        ("R11", DIGEST.with_header("Subject: a" + "\n and more words" * 7)),
        ("R11", DIGEST.with_header("Subject: Re: your papers")),
        ("R11", DIGEST.with_header("Subject: =?utf-8?q?a=E2=80=AEb?=")),
        ("R11", DIGEST.with_header("Subject: caf\u00e9")),
        ("R11", DIGEST.with_header("Subject: =?utf-8?q?cut off")),
        (
            "R12",
            DIGEST.with_header("From: =?utf-8?b?8J+TsA==?= <a@papers.example.org>"),
        ),
        ("R12", DIGEST.with_header(f'From: "For {RECIPIENT}" <a@papers.example.org>')),
        (
            "R12",
            DIGEST.with_header("Subject: News").with_header(
                "From: Paperboy News <a@papers.example.org>"
            ),
        ),
    ],
)
def test_it_names_the_rule_that_is_broken(number: str, broken: Message) -> None:
    assert {each.strip("?") for each in numbers(broken.raw())} == {number}


@pytest.mark.parametrize(
    "raw",
    [
        DIGEST.raw().replace(b"Two papers\r\n", b"Two papers\n"),
        DIGEST.raw().replace(b"Two papers\r\n", b"Two\rpapers\r\n"),
        DIGEST.raw().removesuffix(b"\r\n"),
        DIGEST.raw().replace(b"--==b\r\n", b"x" * 999 + b"\r\n--==b\r\n", 1),
    ],
)
def test_it_finds_lines_that_smtp_does_not_allow(raw: bytes) -> None:
    assert numbers(raw) == {"R6"}


def test_it_warns_of_a_long_header_line() -> None:
    broken = DIGEST.with_header("Reply-To: " + "a" * 60 + "@papers.example.org")
    assert numbers(broken.raw()) == {"?R6"}


@pytest.mark.parametrize(
    "raw",
    [
        DIGEST.raw().replace(b"multipart/alternative", b"multipart/mixed"),
        DIGEST.raw().replace(b'utf-8"', b'iso-8859-1"', 1),
        DIGEST.raw().replace(b"COFFEE", b"=FF"),
        Message(
            DIGEST.headers, DIGEST.text, DIGEST.html, parts=("html", "plain")
        ).raw(),
        Message(CONFIRMATION.headers, "", "", parts=()).raw(),
    ],
)
def test_it_wants_text_before_html_in_utf_8(raw: bytes) -> None:
    assert numbers(raw) == {"R7"}


def test_it_wants_neither_part_empty() -> None:
    message = Message(CONFIRMATION.headers, CONFIRMATION.text, "")
    assert numbers(message.raw()) == {"R7"}


def test_it_wants_the_unsubscribe_link_in_both_parts() -> None:
    link = DIGEST.text.split("digests:\n")[1].split("\n")[0]
    assert numbers(DIGEST.with_text(link, "(see the web)").raw()) == {"R7"}


@pytest.mark.parametrize(("size", "found"), [(80_001, "?R8"), (95_001, "R8")])
def test_it_limits_the_size_of_the_html(size: int, found: str) -> None:
    filler = "<!--" + "x" * (size - len(DIGEST.html.encode()) - 7) + "-->"
    broken = DIGEST.with_html("<h1>", f"{filler}<h1>")
    assert len(broken.html.encode()) == size
    assert numbers(broken.raw()) == {found}


def test_it_warns_of_private_headers_alone() -> None:
    assert numbers(DIGEST.plus_header("X-Batch: 7").raw()) == {"?R10"}


@given(st.binary(), st.integers(0, len(DIGEST.raw())), st.integers(0, 50))
def test_it_never_raises_on_damaged_bytes(junk: bytes, start: int, lost: int) -> None:
    raw = DIGEST.raw()
    assert isinstance(check_message(raw[:start] + junk + raw[start + lost :]), list)


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"\x00\xff", b"From:\r\n\r\n<", b":\n\n"]
)
def test_it_survives_any_bytes(raw: bytes) -> None:
    assert check_message(raw)
