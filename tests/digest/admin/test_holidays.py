"""arXiv's holidays at the desk: who looks, who edits, and what the day shows."""

from datetime import date

import pytest

from digest.models import Holiday
from tests.digest.admin.desk import address, sit_down, sit_down_with

pytestmark = pytest.mark.django_db


def test_an_administrator_adds_changes_and_deletes_a_day() -> None:
    client = sit_down()

    client.post(address(Holiday, "add"), {"day": "2027-01-01", "name": "New Year"})
    holiday = Holiday.objects.get()
    page = client.get(address(Holiday)).content.decode()
    client.post(
        address(Holiday, "change", holiday.pk), {"day": "2027-01-01", "name": "First"}
    )

    assert "Friday" in page
    holiday.refresh_from_db()
    assert (holiday.day, holiday.name) == (date(2027, 1, 1), "First")
    client.post(address(Holiday, "delete", holiday.pk), {"post": "yes"})
    assert not Holiday.objects.exists()


def test_a_day_stands_in_the_calendar_once() -> None:
    Holiday.objects.create(day=date(2027, 1, 1))

    sit_down().post(address(Holiday, "add"), {"day": "2027-01-01", "name": "Again"})

    assert Holiday.objects.count() == 1


def test_who_may_only_look_only_looks() -> None:
    holiday = Holiday.objects.create(day=date(2027, 1, 1), name="New Year")
    client = sit_down_with("view_holiday")

    assert "New Year" in client.get(address(Holiday)).content.decode()
    typed = {"day": "2027-01-02", "name": "Other"}
    assert client.post(address(Holiday, "add"), typed).status_code == 403
    page = address(Holiday, "change", holiday.pk)
    assert client.post(page, typed).status_code == 403
