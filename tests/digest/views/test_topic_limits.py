"""How many papers of a topic a mail may hold is each reader's own to say."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from digest.models import Schedule, Subscription, Topic
from tests.digest.views.steps import page_of
from tests.digest.views.test_preferences import PLAN
from tests.factories import (
    TODAY,
    make_match,
    make_paper,
    make_reader,
    make_subscription,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(ada: User) -> Subscription:
    return make_subscription(ada, make_topic("lasers"))


def save(reader: Client, order: Subscription, value: str) -> Any:
    sent = {"action": "limits", f"limit-{order.pk}": value}
    return reader.post("/preferences/", sent)


def test_a_reader_sees_what_each_topic_brings_and_limits_it(
    reader: Client, order: Subscription
) -> None:
    for _ in range(6):
        make_match(order.topic, make_paper(announced_on=TODAY))
    quiet = make_subscription(order.user, make_topic("quiet"))
    make_match(make_topic("rare"), make_paper())
    make_subscription(order.user, Topic.objects.get(slug="rare"))

    page = page_of(reader)
    assert "Lasers (about 3 a week)" in page
    assert "Quiet (nothing lately)" in page
    assert "Rare (less than 1 a week)" in page
    assert "Daily" in page

    assert save(reader, order, "3")["Location"] == "/preferences/?saved=limits"
    order.refresh_from_db()
    quiet.refresh_from_db()
    assert (order.max_papers, quiet.max_papers) == (3, None)
    assert 'value="3"' in page_of(reader)

    save(reader, order, "")
    order.refresh_from_db()
    assert order.max_papers is None


@pytest.mark.parametrize("value", ["0", "51", "x", "-1", "9" * 400])
def test_another_number_is_refused(
    reader: Client, order: Subscription, value: str
) -> None:
    answer = save(reader, order, value)

    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    order.refresh_from_db()
    assert order.max_papers is None


def test_the_limit_of_another_reader_is_not_touched(
    reader: Client, order: Subscription
) -> None:
    other = make_subscription(make_reader("bob@example.org"), order.topic)

    save(reader, other, "1")

    other.refresh_from_db()
    assert other.max_papers is None


def test_the_order_is_kept_with_the_schedule(
    reader: Client, schedule: Schedule
) -> None:
    reader.post("/preferences/", {**PLAN, "order": "votes"})
    schedule.refresh_from_db()
    assert schedule.order == "votes"

    reader.post("/preferences/", PLAN)
    schedule.refresh_from_db()
    assert schedule.order == "votes"
    wrong = reader.post("/preferences/", {**PLAN, "order": "luck"})
    assert 'class="error"' in wrong.content.decode()
