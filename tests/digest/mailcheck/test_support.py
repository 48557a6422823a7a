"""C11: what is not on the list of docs/mail-support.md is refused."""

from pathlib import Path

import pytest

from digest.mailcheck import check_message, support
from tests.digest.mailcheck.messages import DIGEST

LIST = Path("docs/mail-support.md").read_text()


@pytest.mark.parametrize("name", sorted(support.PROPERTIES | support.AT_RULES))
def test_what_is_allowed_is_written_down(name: str) -> None:
    assert f"`{name}" in LIST


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        (
            '<p style="position: absolute">',
            "a property that is not on the list: position",
        ),
        ("<style>p { float: left }</style>", "not on the list: float"),
        (
            "<style>@media (max-width: 9px) { p { gap: 1px } }</style>",
            "a property that is not on the list: gap",
        ),
        ("<style>@supports (color: red) {}</style>", "rule that is not on the list"),
    ],
)
def test_what_is_not_on_the_list_is_refused(written: str, complaint: str) -> None:
    raw = DIGEST.with_html("<p>You get", f"{written}<p>You get").raw()

    found = [str(each) for each in check_message(raw) if each.number == "C11"]
    assert len(found) == 1
    assert complaint in found[0]
