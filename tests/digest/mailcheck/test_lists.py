"""H1 to H9: the headers of digests and of transactional mails."""

import pytest

from digest.mailcheck import check_message
from tests.digest.mailcheck.messages import (
    CONFIRMATION,
    DIGEST,
    UNSUBSCRIBE,
    Message,
    numbers,
)


@pytest.mark.parametrize(
    ("number", "broken"),
    [
        ("H1", DIGEST.plus_header(f"List-Unsubscribe: <{UNSUBSCRIBE}>")),
        (
            "H1",
            DIGEST.with_header(
                f"List-Unsubscribe: <{UNSUBSCRIBE}>,\n <https://papers.example.org/x>"
            ),
        ),
        ("H1", DIGEST.with_header("List-Unsubscribe: <mailto:a@papers.example.org>")),
        (
            "H1",
            DIGEST.with_header(
                f"List-Unsubscribe: <{UNSUBSCRIBE}>,\n <mailto:a@b.c>, <mailto:d@e.f>"
            ),
        ),
        (
            "H2",
            DIGEST.with_header(f"List-Unsubscribe: =?utf-8?q?x?=\n <{UNSUBSCRIBE}>"),
        ),
        ("H2", DIGEST.with_header(f"List-Unsubscribe:\n <{UNSUBSCRIBE}>")),
        ("H3", DIGEST.without_header("List-Unsubscribe-Post")),
        ("H3", DIGEST.with_header("List-Unsubscribe-Post: List-Unsubscribe=Yes")),
        ("H4", DIGEST.plus_header("List-Id: Other <other.papers.example.org>")),
        ("H4", DIGEST.with_header("List-Id: =?utf-8?q?Caf=C3=A9_=3Ca=2Eb=3E?=")),
        ("H5", DIGEST.with_header("List-Help: https://papers.example.org/help/")),
        ("H5", DIGEST.with_header("List-Archive: <http://papers.example.org/>")),
        ("H5", DIGEST.with_header("List-Post: <mailto:papers@papers.example.org>")),
        ("H6", DIGEST.without_header("Auto-Submitted")),
        ("H6", CONFIRMATION.with_header("Auto-Submitted: no")),
        ("H7", DIGEST.without_header("Precedence")),
        ("H7", DIGEST.with_header("X-Auto-Response-Suppress: OOF")),
        ("H7", CONFIRMATION.plus_header("Precedence: bulk")),
        ("H8", DIGEST.plus_header("Feedback-ID: digest:daily:1:paperboy")),
        ("H8", DIGEST.with_header("Feedback-ID: digest:daily:boy")),
        ("H8", DIGEST.with_header("Feedback-ID: reader@home.example:a:b:paperboy")),
        ("H8", DIGEST.with_header("Feedback-ID: 0123456789abcdef:a:b:paperboy")),
        ("H9", CONFIRMATION.plus_header("List-Unsubscribe-Post: List-Unsubscribe=x")),
        (
            "H9",
            CONFIRMATION.with_text("ignore this mail", "act").with_text("did not", ""),
        ),
        (
            "H9",
            CONFIRMATION.with_html("ignore this mail", "act").with_html("did not", ""),
        ),
    ],
)
def test_it_names_the_rule_that_is_broken(number: str, broken: Message) -> None:
    assert numbers(broken.raw()) == {number}


def test_it_refuses_a_fold_inside_the_unsubscribe_address() -> None:
    folded = UNSUBSCRIBE.replace("/u/", "/u/\n ")
    broken = DIGEST.with_header(f"List-Unsubscribe: <{folded}>")
    found = check_message(broken.raw())
    assert "H2" in {each.number for each in found}


def test_it_warns_of_an_unsubscribe_line_that_others_may_fold() -> None:
    longer = UNSUBSCRIBE + "A" * 20
    broken = DIGEST.with_both(UNSUBSCRIBE, longer).with_header(
        f"List-Unsubscribe: <{longer}>"
    )
    assert numbers(broken.raw()) == {"?H2"}


def test_it_takes_http_on_this_machine_alone() -> None:
    local = "http://127.0.0.1:8000/u/Zk3vT0m9Qw7rXb1Ls5Yd2A"
    message = DIGEST.with_both(UNSUBSCRIBE, local).with_header(
        f"List-Unsubscribe: <{local}>"
    )
    assert numbers(message.raw()) == set()


def test_it_takes_the_kind_that_it_is_told() -> None:
    bare = DIGEST.without_header("List-Id")
    assert numbers(bare.raw(), kind="digest") == {"H4"}
    assert "H9" in numbers(bare.raw())
