"""Mails about the account, over SMTP: what was surely not taken is tried again."""

from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

import pytest

from accounts import emails
from accounts.services.notices import hand_over
from tests.digest.transports.servers import DROP, Reply, scripted
from tests.factories import NOW


def code_mail() -> Any:
    return emails.signin_code(
        emails.Envelope("ann@example.org", "notice-1", NOW), "ABCDEFGH"
    )


@pytest.mark.parametrize(
    ("step", "reply"),
    [
        ("MAIL", b"550 we do not take mail from you"),
        ("MAIL", b"421 too busy"),
        ("MAIL", DROP),
        ("RCPT", b"451 greylisted"),
        ("RCPT", DROP),
        ("DATA", DROP),
        ("dot", b"451 later"),
    ],
)
def test_what_was_surely_not_taken_is_tried_again(
    point_at: Callable[[int], None], step: str, reply: Reply
) -> None:
    with scripted(point_at, **{step: reply}) as server:
        assert hand_over(code_mail()) is False

    assert len(server.contents) == (step == "dot")


@pytest.mark.parametrize(
    ("step", "reply"),
    [("RCPT", b"550 no such user"), ("dot", b"554 refused"), ("dot", DROP)],
)
def test_what_is_final_or_in_doubt_is_never_tried_again(
    point_at: Callable[[int], None], step: str, reply: Reply
) -> None:
    with (
        scripted(point_at, **{step: reply}),
        pytest.raises((SMTPException, OSError)),
    ):
        hand_over(code_mail())
