"""Every page of the desk opens, with as many queries for many rows as for few."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from digest.models import (
    Attempt,
    Batch,
    Delivery,
    DeliveryEvent,
    Digest,
    Heartbeat,
    Holiday,
    Paper,
    Pick,
    SendingHold,
    Source,
    Topic,
)
from tests import factories
from tests.digest.admin.desk import address, make_delivery, sit_down, sit_down_with
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

MODELS = [
    Batch,
    Delivery,
    DeliveryEvent,
    Digest,
    Heartbeat,
    Holiday,
    Paper,
    Pick,
    SendingHold,
    Source,
    Topic,
]
MOST_QUERIES = 20
HOSTILE = "<script>alert(1)</script>"


def _fill(number: int) -> None:
    """One more row of everything, with text from outside that means harm."""
    reader = factories.make_reader()
    topic = factories.make_topic(owner=reader if number % 2 else None)
    factories.make_subscription(reader, topic)
    source = factories.make_source(error=HOSTILE, failure_count=1)
    for ago in range(12):
        batch = factories.make_batch(
            source, TODAY - timedelta(days=ago), problems=[HOSTILE], counts={"new": 1}
        )
    paper = factories.make_paper(
        HOSTILE, authors=[HOSTILE], categories=[HOSTILE], signals={"code_url": HOSTILE}
    )
    factories.make_announcement(paper, batch)
    factories.make_match(topic, paper)
    factories.make_pick(paper, note=HOSTILE)
    factories.hide_paper(paper)
    digest = factories.make_digest(
        reader, coverage=[{"name": HOSTILE, "status": "received", "papers": 3}]
    )
    factories.make_item(digest, paper, topic)
    delivery = make_delivery("uncertain", digest=digest, reason=HOSTILE)
    Attempt.objects.create(
        delivery=delivery, number=1, started_at=NOW, worker="w", detail=HOSTILE
    )
    DeliveryEvent.objects.create(
        provider="stub",
        event_key=str(number),
        event_type="bounced",
        delivery=delivery,
        received_at=NOW,
    )
    Holiday.objects.create(day=TODAY + timedelta(days=number), name=HOSTILE)
    Heartbeat.objects.create(name=f"worker {number}", beat_at=NOW)
    SendingHold.objects.create(reason=f"{HOSTILE} {number}", held_at=NOW)


def _read(client: Client, path: str) -> tuple[int, str]:
    """How many queries a page takes, and the page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200, path
    return len(queries), response.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_it_lists_many_rows_with_as_many_queries_as_few(model: type[Model]) -> None:
    client = sit_down()
    for number in range(2):
        _fill(number)
    few, _page = _read(client, address(model))
    for number in range(2, 9):
        _fill(number)

    many, page = _read(client, address(model))

    assert many == few <= MOST_QUERIES
    assert HOSTILE not in page


@pytest.mark.parametrize("model", MODELS)
def test_it_opens_the_page_of_a_row_with_few_queries(model: type[Model]) -> None:
    client = sit_down()
    for number in range(2):
        _fill(number)

    for row in model._default_manager.all()[:2]:
        queries, page = _read(client, address(model, "change", row.pk))
        assert queries <= MOST_QUERIES
        assert HOSTILE not in page


@pytest.mark.parametrize("model", [SendingHold, Source, Topic])
def test_it_opens_the_page_for_a_new_row(model: type[Model]) -> None:
    _read(sit_down(), address(model, "add"))


@pytest.mark.parametrize("model", [Batch, Delivery, DeliveryEvent, Digest, Heartbeat])
def test_it_lets_nobody_add_change_or_delete_evidence(model: type[Model]) -> None:
    client = sit_down()
    _fill(1)
    row = model._default_manager.all()[0]

    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "change", row.pk), {}).status_code == 403
    assert (
        client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code
        == 403
    )
    assert model._default_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MODELS)
def test_it_shows_nothing_to_staff_without_the_right(model: type[Model]) -> None:
    _fill(1)

    assert sit_down_with().get(address(model)).status_code == 403


def test_it_finds_a_reader_by_the_whole_address_alone() -> None:
    client = sit_down()
    for number in range(2):
        _fill(number)
    email = str(Digest.objects.values_list("user__email", flat=True)[0])

    assert _count(client, Digest, f"q={email}") == 1
    assert _count(client, Digest, f"q={email[:6]}") == 0
    assert _count(client, Delivery, f"q={email}") == 1


@pytest.mark.parametrize(
    ("model", "query", "count"),
    [
        (Paper, "source=no-such-source", 0),
        (Paper, "picked=yes", 2),
        (Paper, "picked=no", 1),
        (Paper, "hidden=yes", 2),
        (Paper, "hidden=no", 1),
        (Paper, "is_withdrawn__exact=1", 1),
        (
            Paper,
            "announced_on__day=20&announced_on__month=11&announced_on__year=2026",
            3,
        ),
        (Topic, "whose=personal", 1),
        (Topic, "whose=curated", 1),
        (Digest, "due_on=2026-11-20", 2),
        (Digest, "due_on=2026-11-21", 0),
        (Delivery, "due_on=2026-11-20", 2),
        (Delivery, "due_on=no-day", 2),
        (Delivery, "state__exact=uncertain", 2),
        (Delivery, "state__exact=accepted", 0),
    ],
)
def test_it_filters(model: type[Model], query: str, count: int) -> None:
    for number in range(2):
        _fill(number)
    factories.make_paper(is_withdrawn=True)

    assert _count(sit_down(), model, query) == count


def _count(client: Client, model: type[Model], query: str) -> int:
    response = client.get(f"{address(model)}?{query}")
    assert response.status_code == 200
    return int(response.context["cl"].result_count)
