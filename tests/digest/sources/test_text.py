"""Plain text: what survives, what goes, and where a long text is cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.sources.text import one_line, paragraph, web_url

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_it_leaves_one_clean_line_of_any_text(text: str) -> None:
    line = one_line(text, 80)

    assert len(line) <= 80
    assert len(line.splitlines()) <= 1
    assert unicodedata.is_normalized("NFC", line)
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Cn", "Co"}
    assert one_line(line, 80) == line


@given(ANYTHING)
def test_a_paragraph_breaks_only_at_blank_lines(text: str) -> None:
    lines = paragraph(text, 80).split("\n\n")

    assert all(line == one_line(line, 80) for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "$a<b$ and $x_1<y>z$",
        r"\langle \alpha \rangle & {\it x} $unbalanced",
        r"\input{/etc/passwd}",
        "{{ settings.SECRET_KEY }} {% load x %} %s ${x}",
        "<script>alert(1)</script>",
        "&lt;script&gt;",
        "שלום عربي",
    ],
)
def test_it_keeps_what_is_only_text(text: str) -> None:
    assert one_line(text, 500) == text


@pytest.mark.parametrize(
    "char", "\r\n\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\u00a0\u3000"
)
def test_a_break_or_blank_becomes_one_space(char: str) -> None:
    assert one_line(f"a{char}{char}b", 500) == "a b"


@pytest.mark.parametrize(
    "char",
    "\x00\x08\x1b\x7f\ud800\ue000\ue001\ufdd0\u202e\u2066\u200f\u061c"
    "\u200b\u200d\u2060\ufeff\u00ad\u034f\u3164\U000e0041",
)
def test_what_nobody_can_see_is_dropped(char: str) -> None:
    assert one_line(f"a{char}b", 500) == "ab"


def test_a_long_text_ends_in_an_ellipsis_between_graphemes() -> None:
    assert one_line("abcdef", 4) == "abc…"
    assert one_line("abx\u0323\u0307yz", 4) == "ab…"
    assert one_line("ab👍🏽cd", 4) == "ab…"
    assert one_line("🇩🇪🇫🇷🇮🇹", 4) == "🇩🇪…"


def test_a_letter_under_a_thousand_accents_is_cut_all_the_same() -> None:
    assert len(one_line("a" + "\u0316\u0301" * 500_000, 500)) == 500


def test_hard_wrapped_lines_are_joined_and_blank_lines_kept() -> None:
    text = "We show\r\nthat it\nworks.\n  \n\n  It does."

    assert paragraph(text, 500) == "We show that it works.\n\nIt does."


@pytest.mark.parametrize("url", ["http://example.org", "https://example.org/a?b=c#d"])
def test_a_web_address_is_kept(url: str) -> None:
    assert web_url(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "/abs/1",
        "http://",
        "http://[",
        "https://user@example.org/",
        'https://example.org/"onclick="',
        "https://example.org/\n",
        "http://10.0.0.1/",
        "http://localhost/",
        "https://example.org/" + "a" * 8_000,
    ],
)
def test_any_other_address_is_no_link(url: str) -> None:
    assert web_url(url.replace("\n", "\nx")) == ""
