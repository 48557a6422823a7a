"""What is put together of pieces is one table: rows stand in it, not in a cell."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.digest.pipeline.mails import mail_of
from tests.digest.pipeline.sending import queue

pytestmark = pytest.mark.django_db


class Nesting(HTMLParser):
    """Notes what each row stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.around_rows: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag == "tr":
            self.around_rows.add(self.open[-1])
        if tag in {"table", "tbody", "tr", "td"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"table", "tbody", "tr", "td"}:
            assert self.open.pop() == tag


def test_each_row_of_a_digest_stands_in_a_table() -> None:
    nesting = Nesting()
    nesting.feed(mail_of(queue()).html)

    assert nesting.open == []
    assert nesting.around_rows <= {"table", "tbody"}
