"""C1 to C8 and C11 to C15: what stands in the mail, and where it leads."""

import pytest

from digest.mailcheck import check_message
from tests.digest.mailcheck.messages import (
    CONFIRMATION,
    DIGEST,
    MANAGE,
    UNSUBSCRIBE,
    Message,
    numbers,
)

TOKEN = UNSUBSCRIBE.rpartition("/")[2]
PAPER = "https://arxiv.org/abs/2611.00002"


@pytest.mark.parametrize(
    ("number", "broken"),
    [
        ("C1", DIGEST.with_html(">Unsubscribe from all", ">Leave all")),
        ("C1", DIGEST.with_text("Unsubscribe", "Leave")),
        (
            "C1",
            DIGEST.with_html(
                f'<a href="{UNSUBSCRIBE}" style="color: #1b4b7a">Unsubscribe',
                "<a>Leave",
            ),
        ),
        ("C2", DIGEST.with_html("Change topics or pause", "Everything else")),
        ("C2", DIGEST.with_text(MANAGE, "(on the web)")),
        ("C3", DIGEST.with_html(", Example Institute, 1 Example Street", "")),
        ("C3", DIGEST.with_text("Example Institute, 1 Example Street", "")),
        ("C4", DIGEST.with_html("because you subscribed to", "about")),
        ("C4", DIGEST.with_text("on 1 October 2026", "some day")),
        ("C5", DIGEST.with_html(' dir="ltr"', "")),
        ("C5", CONFIRMATION.with_html(' lang="en"', "")),
        ("C5", DIGEST.with_html('<meta charset="utf-8">', "")),
        ("C5", DIGEST.with_html("<title>Two papers on cafés</title>", "")),
        ("C6", DIGEST.with_html(' role="presentation"', "")),
        ("C7", DIGEST.with_html(' alt=""', "")),
        ("C7", DIGEST.with_html(' width="16"', "")),
        ("C8", DIGEST.with_html("<h1>Two papers</h1>", "<p>Two</p>")),
        ("C8", DIGEST.with_html("<h1>", "<h1>One</h1><h1>")),
        ("C8", DIGEST.with_html("<h2>Coffee</h2>", "")),
        ("C8", DIGEST.with_html("<h2>", "<h3>No link</h3><h2>")),
        (
            "C8",
            DIGEST.with_html("<h2>", '<a href="https://a.example/">On beans</a><h2>'),
        ),
        (
            "C8",
            DIGEST.with_html(
                "<h2>", '<a href="https://a.example/" aria-label="Beans">Tea</a><h2>'
            ),
        ),
        ("C11", DIGEST.with_html("<h1>", '<h1 style="display: flex">')),
        ("C11", DIGEST.with_html("<h1>", '<h1 style="margin: var(--gap)">')),
        ("C11", DIGEST.with_html("<td>", '<td style="background: url(a.png)">')),
        ("C12", DIGEST.with_html("<h1>", '<p style="display:none">Elsewhere</p><h1>')),
        ("C12", DIGEST.with_html("<h1>", '<p style="display:none">&#8204;</p><h1>')),
        ("C12", DIGEST.with_html("<h1>", "<p>" + "&#847; " * 5 + "</p><h1>")),
        ("C13", DIGEST.with_both(PAPER, "http://arxiv.org/abs/2611.00002")),
        ("C13", DIGEST.with_html("<h2>", '<a href="/day/">A day</a><h2>')),
        ("C13", DIGEST.with_both(PAPER, "https://bit.ly/2611")),
        ("C13", DIGEST.with_both(PAPER, "https://t.example/?to=https%3A%2F%2Fa.b")),
        ("C14", DIGEST.with_html("<h1>", "<iframe></iframe><h1>")),
        ("C14", DIGEST.with_html("<h1>", '<h1 onclick="x()">')),
        ("C14", DIGEST.with_html("https://papers.example.org/logo.png", "data:x,y")),
        ("C14", DIGEST.with_both("beans", "be\u202eans")),
        ("C15", DIGEST.with_both(PAPER, f"https://arxiv.org/{TOKEN}")),
        ("C15", DIGEST.with_both(PAPER, "https://papers.example.org/p/1?reader=7")),
    ],
)
def test_it_names_the_rule_that_is_broken(number: str, broken: Message) -> None:
    # Links and headings put in by a case have the program's own colours: not its point.
    assert numbers(broken.raw()) - {"C9"} == {number}


def test_it_names_a_title_that_unsubscribes() -> None:
    broken = DIGEST.with_both(PAPER, UNSUBSCRIBE)
    assert numbers(broken.raw()) == {"C15"}


def test_it_allows_a_preheader_that_repeats_what_is_shown() -> None:
    message = DIGEST.with_html("<h1>", '<p style="display:none">Two papers</p><h1>')
    assert numbers(message.raw()) == set()


def test_it_allows_a_data_table_with_headings() -> None:
    table = '<table><tr><th scope="col"><p>Day</p></th></tr></table><h2>'
    assert numbers(DIGEST.with_html("<h2>", table).raw()) == set()


def test_it_finds_a_link_that_runs_code() -> None:
    broken = DIGEST.with_html(f'"{MANAGE}"', '" java\tscript:x()"')
    assert "C14" in numbers(broken.raw())


def test_it_looks_for_the_postal_address_that_it_is_told() -> None:
    found = check_message(DIGEST.raw(), postal_address="Another Street 2")
    assert {each.number for each in found} == {"C3"}
    address = "Example Institute,\n1 Example Street"
    assert check_message(DIGEST.raw(), postal_address=address) == []


def test_it_leaves_wording_in_another_language_alone() -> None:
    message = DIGEST.with_html('lang="en"', 'lang="de"').with_both(
        "Unsubscribe from all digests", "Alles abbestellen"
    )
    assert numbers(message.raw()) == set()
