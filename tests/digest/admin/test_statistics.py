"""The service in numbers: what the database has, in pictures and in tables."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from digest.admin.statistics import charts, numbers
from digest.models import Delivery, Digest, Schedule, SendingHold
from tests.digest.health.mail.test_practice import report
from tests.digest.pipeline.sending import State
from tests.factories import (
    NOW,
    TODAY,
    make_delivery,
    make_digest,
    make_match,
    make_paper,
    make_reader,
    make_source,
    make_topic,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("at_noon"),
]

DAY = timedelta(days=1)
PAGE = "/admin/digest/delivery/statistics/"


@pytest.fixture
def at_noon(time_machine: object) -> None:
    """The page reads the clock: it is noon of the factories' day."""
    time_machine.move_to(NOW, tick=False)  # type: ignore[attr-defined]


@pytest.fixture
def operator(client: Client) -> Client:
    """Somebody who may look at everything."""
    client.force_login(User.objects.create_superuser("desk@example.org", "x"))
    return client


def send(count: int, ago: int = 0, state: State = State.ACCEPTED) -> list[Delivery]:
    """So many digests that were due then, and where they are."""
    return [
        make_delivery(
            make_digest(due_at=NOW - ago * DAY),
            state=state,
            reason="" if state == State.ACCEPTED else "no answer",
            evidence="250 kept",
        )
        for _number in range(count)
    ]


def test_readers_are_told_back_from_today() -> None:
    make_reader(created_at=NOW - 90 * DAY)
    make_reader(created_at=NOW - 2 * DAY)
    make_reader(created_at=NOW - 5 * DAY, ended_at=NOW - DAY)
    gone = make_reader(created_at=NOW - 5 * DAY)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    days = charts.days_until(TODAY, 7)

    assert numbers.readers(days) == [1, 2, 2, 2, 3, 2, 2]
    assert (
        numbers.readers(days)[-1]
        == Schedule.objects.filter(ended_at=None, user__is_active=True).count()
    )


def test_outcomes_are_the_places_of_each_day() -> None:
    send(3)
    send(1, state=State.FAILED)
    send(1, state=State.QUEUED)
    send(2, ago=1, state=State.UNCERTAIN)
    make_digest(status=Digest.Status.SKIPPED, reason=Digest.Reason.EMPTY)
    send(5, ago=30)

    found = numbers.outcomes(TODAY - 3 * DAY)

    assert found[TODAY] == {"accepted": 3, "failed": 1, "waiting": 1, "skipped": 1}
    assert found[TODAY - DAY] == {"uncertain": 2}
    assert len(found) == 2


def test_rates_are_shares_of_the_days_own_mails() -> None:
    report("complained", send(10)[:1])
    report("bounced", send(4, ago=1)[:1])
    counts = numbers.outcomes(TODAY - 3 * DAY)

    complaints, bounces = numbers.rates(TODAY - 3 * DAY, counts)

    assert complaints == {TODAY: 0.1}
    assert bounces == {TODAY - DAY: 0.25}


def test_topics_stand_by_their_readers() -> None:
    few, many = make_topic("few"), make_topic("many")
    make_topic("somebodys", owner=make_reader("a@example.org", many))
    make_reader("b@example.org", many, few)
    for _number in range(4):
        make_match(few, make_paper())

    rows = numbers.topics(TODAY)

    assert [(row.name, row.readers) for row in rows] == [("Many", 2), ("Few", 1)]
    assert rows[1].papers_a_week > rows[0].papers_a_week == 0
    assert [(row.reader_share, row.paper_share) for row in rows] == [
        (100, 0),
        (50, 100),
    ]


def test_bars_stand_on_each_other_and_fill_the_picture() -> None:
    days = charts.days_until(TODAY, 2)
    counts = {TODAY: {"accepted": 3, "failed": 1}, TODAY - DAY: {"accepted": 2}}

    chart = charts.stack(days, counts, ("accepted", "failed"))

    assert [(p.kind, p.x, p.y, p.height) for p in chart.pieces] == [
        ("accepted", 0, 40.0, 40.0),
        ("accepted", 10, 20.0, 60.0),
        ("failed", 10, 0.0, 20.0),
    ]
    assert dict(chart.sums) == {"accepted": 5, "failed": 1}


def test_a_share_over_its_line_is_seen_to_be() -> None:
    days = charts.days_until(TODAY, 2)

    chart = charts.shares(days, {TODAY: 0.004, TODAY - DAY: 0.001}, (0.001, 0.003))

    assert [piece.kind for piece in chart.pieces] == ["under", "over"]
    assert [(mark.percent, mark.y) for mark in chart.marks] == [
        (0.1, 60.0),
        (0.3, 20.0),
    ]
    assert charts.shares(days, {}, (0.02,)).pieces == ()


def test_the_page_has_it_all_and_names_nobody(operator: Client) -> None:
    topic = make_topic("robots")
    make_reader("somebody@example.org", topic)
    make_source(name="arXiv: robots")
    report("complained", send(10)[:1])
    SendingHold.objects.create(reason="Too many complaints", held_at=NOW)

    text = operator.get(PAGE).content.decode()

    assert "The tallest bar is 10 digests." in text
    assert "1 reader, 1 subscriptions to topics." in text
    assert "accepted: 10" in text
    assert "Of 10 mails accepted in 7 days, 1 were complained of" in text
    assert "Too many complaints" in text
    assert "arXiv: robots" in text
    assert "Robots" in text
    assert "somebody" not in text
    assert " style=" not in text
    assert (
        "<script"
        not in text.split('<div class="statistics">')[1].split("</section>")[0]
    )


def test_an_empty_site_has_a_page_too(operator: Client) -> None:
    text = operator.get(PAGE).content.decode()

    assert "None was due." in text
    assert "There is no topic yet." in text


def test_more_rows_cost_no_more_queries(operator: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            operator.get(PAGE)
        return len(asked)

    topic = make_topic()
    make_reader("", topic)
    make_source()
    send(1)
    few = count()
    for _number in range(4):
        make_reader("", topic, make_topic())
        make_source()
        report("bounced", send(2))

    assert count() == few


@pytest.mark.parametrize(
    ("group", "status"), [("Observers", 200), ("Operators", 200), (None, 403)]
)
def test_it_is_open_to_staff_who_may_look_at_deliveries(
    client: Client, group: str | None, status: int
) -> None:
    user = User.objects.create_user("staff@example.org", is_staff=True)
    if group:
        user.groups.add(Group.objects.get(name=group))
    client.force_login(user)

    assert client.get(PAGE).status_code == status
    assert client.post(PAGE).status_code in {403, 405}


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(PAGE).status_code == 302
