"""Whatever somebody writes into an address of the desk, it is answered, not broken."""

from __future__ import annotations

import pytest

from tests.digest.admin.desk import sit_down
from tests.factories import make_paper

pytestmark = pytest.mark.django_db

HUGE = "9" * 30
ENDLESS = "9" * 5_000
"""More digits than Python reads as a number."""

FIRST, LAST = "0001-01-01", "9999-12-31"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"pick/today/?day={FIRST}", 200),
        (f"pick/today/?day={LAST}", 200),
        (f"pick/today/?page={ENDLESS}", 200),
        (f"pick/today/?topic={HUGE}", 200),
        (f"delivery/run/?day={FIRST}", 200),
        (f"delivery/run/?day={LAST}", 200),
        (f"delivery/?due_on={FIRST}", 200),
        (f"delivery/?due_on={LAST}", 200),
        ("reader/?q=%00", 200),
        (f"digest/preview/reader/{HUGE}/", 404),
        (f"digest/preview/topic/{HUGE}/mail/", 404),
        (f"submission/trust/{HUGE}/", 404),
    ],
)
def test_a_page_of_the_desk_survives_its_address(path: str, status: int) -> None:
    assert sit_down().get(f"/admin/digest/{path}").status_code == status


@pytest.mark.parametrize("number", [HUGE, ENDLESS, "-1", "x"])
@pytest.mark.parametrize(("do", "name"), [("see_all", "papers"), ("merge", "same")])
def test_an_act_survives_numbers_that_no_paper_has(
    do: str, name: str, number: str
) -> None:
    make_paper()

    answer = sit_down().post(
        "/admin/digest/pick/today/", {"do": do, "version": "0", name: [number]}
    )

    assert answer.status_code in {302, 409}
