"""Sources tell how they fare; an address that may not be fetched is not saved."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from digest.models import Batch, Source
from tests import factories
from tests.digest.admin.desk import address, press, sit_down
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

TYPED = {
    "name": "arXiv: robots",
    "slug": "arxiv-robots",
    "kind": "arxiv_rss",
    "address": "https://rss.example.org/cs.RO",
    "fetch_every_minutes": "60",
    "late_after_hours": "6",
}
FAR = datetime.fromisoformat("2100-01-01T00:00:00+00:00")


def test_it_makes_a_new_source_due_at_once() -> None:
    before = timezone.now()

    response = sit_down().post(address(Source, "add"), TYPED)

    assert response.status_code == 302
    source = Source.objects.get()
    assert before <= source.next_fetch_at <= timezone.now()
    assert not source.is_active


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("address", "http://localhost/feed", "localhost is not a public address."),
        ("address", "http://2130706433/", "is not a public address"),
        ("address", "file:///etc/passwd", "Only addresses with http or https"),
        ("address", "https://me:secret@example.org/", "a user name or a password"),
        ("kind", "telepathy", "Select a valid choice"),
        ("fetch_every_minutes", "0", "greater than or equal to 10"),
        ("late_after_hours", "0", "greater than or equal to 1"),
    ],
)
def test_it_refuses_what_would_never_be_fetched(
    field: str, value: str, words: str
) -> None:
    response = sit_down().post(address(Source, "add"), {**TYPED, field: value})

    assert words in str(response.context["adminform"].form.errors[field])
    assert not Source.objects.exists()


def test_the_form_tells_of_hugging_faces_other_lists() -> None:
    page = sit_down().get(address(Source, "add")).content.decode()

    assert "?sort=trending, ?week=current or ?month=current" in page


def test_it_leaves_the_address_of_the_sample_feed_as_it_is() -> None:
    typed = {**TYPED, "kind": "sample", "address": "sample:papers.json"}

    sit_down().post(address(Source, "add"), typed)

    assert Source.objects.get().address == "sample:papers.json"


def test_it_writes_only_what_was_edited() -> None:
    client = sit_down()
    source = factories.make_source(etag="kept", error="Broken.", failure_count=3)
    typed = {
        **TYPED,
        "name": "New name",
        "is_active": "on",
        "address": source.address,
    }

    client.post(
        address(Source, "change", source.pk),
        {**typed, "batches-TOTAL_FORMS": "0", "batches-INITIAL_FORMS": "0"},
    )

    source.refresh_from_db()
    assert (source.name, source.etag, source.failure_count) == ("New name", "kept", 3)
    assert (source.error, source.next_fetch_at) == ("Broken.", FAR)


def test_it_forgets_what_the_old_address_answered() -> None:
    client = sit_down()
    source = factories.make_source(etag="old", last_modified="yesterday")

    client.post(
        address(Source, "change", source.pk),
        {**TYPED, "batches-TOTAL_FORMS": "0", "batches-INITIAL_FORMS": "0"},
    )

    source.refresh_from_db()
    assert source.address == TYPED["address"]
    assert (source.etag, source.last_modified) == ("", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"is_active": False}, "switched off"),
        ({"failure_count": 3, "error": "No answer."}, "3 failures in a row"),
        ({"kind": "sample"}, "not fetched"),
        ({}, "not fetched yet"),
        ({"told_late_at": FAR}, "not fetched yet, late"),
        ({"last_succeeded_at": datetime.fromisoformat("2026-01-01T00:00Z")}, "silent"),
    ],
)
def test_it_says_how_a_source_fares(fields: dict[str, Any], words: str) -> None:
    factories.make_source(**fields)

    page = sit_down().get(address(Source)).content.decode()

    assert f'<td class="field-health">{words}</td>' in page


def test_it_shows_a_healthy_source_with_its_last_batch() -> None:
    source = factories.make_source(last_succeeded_at=timezone.now())
    factories.make_batch(source, TODAY - timedelta(days=1), entry_count=1)
    factories.make_batch(source, TODAY, entry_count=321)

    page = sit_down().get(address(Source)).content.decode()

    assert '<td class="field-health">well</td>' in page
    assert "11/20/2026: 321 papers" in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Batch.Status.PARTIAL, "incomplete so far"),
        (Batch.Status.WAITING, "awaited"),
        (Batch.Status.HOLIDAY, "well"),
    ],
)
def test_it_says_whether_more_of_a_list_is_to_come(status: str, words: str) -> None:
    source = factories.make_source(last_succeeded_at=timezone.now())
    factories.make_batch(source, status=status)

    page = sit_down().get(address(Source)).content.decode()

    assert f'<td class="field-health">{words}</td>' in page


def test_its_page_shows_what_is_usual_and_the_sizes_of_two_weeks() -> None:
    source = factories.make_source(last_succeeded_at=timezone.now())
    today = timezone.now().date()
    for weeks, size in enumerate((300, 400, 500)):
        day = today - timedelta(days=7 * weeks)
        factories.make_batch(source, day, entry_count=size)

    page = sit_down().get(address(Source, "change", source.pk)).content.decode()

    assert f"usual for a {today:%A}: about 450" in page
    assert page.count("<rect ") == 14


def test_it_shows_the_last_ten_batches_of_this_source_alone() -> None:
    source = factories.make_source()
    for ago in range(12):
        factories.make_batch(
            source, TODAY - timedelta(days=ago), problems=[f"problem {ago} "]
        )
    factories.make_batch(factories.make_source(), problems=["another's"])

    page = sit_down().get(address(Source, "change", source.pk)).content.decode()

    assert [ago for ago in range(12) if f"problem {ago} " in page] == list(range(10))
    assert "another's" not in page


def test_it_makes_active_sources_due_and_wakes_a_worker(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client = sit_down()
    # Nothing is fetched for the sample, so the worker can run here and now.
    active = factories.make_source(kind="sample", next_fetch_at=FAR)
    off = factories.make_source(is_active=False, next_fetch_at=FAR)

    with django_capture_on_commit_callbacks(execute=True):
        response = press(client, "fetch_now", active, off)

    assert "1 source is being fetched." in response.content.decode()
    assert "switched off are not fetched" in response.content.decode()
    for source in (active, off):
        source.refresh_from_db()
    assert active.last_tried_at is not None
    assert (off.last_tried_at, off.next_fetch_at) == (None, FAR)


def test_it_deletes_a_source_only_before_its_first_batch() -> None:
    client = sit_down()
    unused, used = factories.make_source(), factories.make_source()
    factories.make_batch(used)

    for source in (unused, used):
        client.post(address(Source, "delete", source.pk), {"post": "yes"})

    assert list(Source.objects.all()) == [used]
