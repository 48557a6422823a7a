"""The log of the desk: read by those who may, changed by nobody."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from tests.digest.admin.desk import address, answer, sit_down, sit_down_with
from tests.digest.pipeline.sending import put_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> LogEntry:
    delivery = put_in("uncertain")  # type: ignore[arg-type]
    answer(sit_down("op@example.org"), "settle", delivery, words="<b>Seen</b>.")
    return LogEntry.objects.get()


def test_it_tells_who_did_what_to_which_row(entry: LogEntry) -> None:
    page = sit_down("other@example.org").get(address(LogEntry)).content.decode()

    assert "op@example.org" in page
    assert f"/admin/digest/delivery/{entry.object_id}/change/" in page
    assert "They were sent op@example.org: &lt;b&gt;Seen&lt;/b&gt;." in page


def test_nobody_changes_it(entry: LogEntry) -> None:
    client = sit_down("other@example.org")

    for page in ("change", "delete"):
        path = address(LogEntry, page, entry.pk)
        assert client.post(path, {"post": "yes"}).status_code == 403
    assert client.get(address(LogEntry, "add")).status_code == 403
    assert LogEntry.objects.get() == entry


def test_it_is_shut_to_staff_without_the_right(entry: LogEntry) -> None:
    assert sit_down_with("view_delivery").get(address(LogEntry)).status_code == 403
