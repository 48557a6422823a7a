"""A log never holds what opens something."""

import logging

import pytest

from config.logs import MaskTokens


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("Bad Request: /u/daDUmn_3-x", "Bad Request: /u/…"),
        ("Not Found: /m/abc/", "Not Found: /m/…/"),
        ("GET /confirm/abc/?next=1", "GET /confirm/…/?next=1"),
        ("Not Found: /f/abc/17/save", "Not Found: /f/…/17/save"),
        ("Not Found: /list/abc/export.bib", "Not Found: /list/…/export.bib"),
        ("Not Found: /paper/2604.15332/", "Not Found: /paper/2604.15332/"),
    ],
)
def test_it_masks_the_tokens_of_links(line: str, masked: str) -> None:
    record = logging.LogRecord("web", logging.WARNING, "", 0, "%s", (line,), None)

    assert MaskTokens().filter(record)

    assert record.getMessage() == masked
