"""How many papers a topic brings is each reader's own to say."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from digest.models import Subscription, Topic
from tests.digest.views.steps import page_of
from tests.factories import make_match, make_paper, make_subscription, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish() -> Topic:
    return make_topic("soft-robots", query="", wish="robots that are soft")


@pytest.fixture
def order(ada: User, wish: Topic) -> Subscription:
    return make_subscription(ada, wish)


def save(reader: Client, order: Subscription, value: str) -> Any:
    sent = {"action": "strictness", f"strictness-{order.pk}": value}
    return reader.post("/preferences/", sent)


def test_a_reader_sees_what_each_step_brings_and_chooses(
    reader: Client, order: Subscription, wish: Topic
) -> None:
    for margin in (5.0, 5.0, 0.0, 0.0, -0.001, -0.001):
        make_match(wish, make_paper(), margin=margin)
    make_match(wish, make_paper(announced_on="2026-10-01"), margin=5.0)

    page = page_of(reader)
    assert "as the topic says: as usual (about 2 a week)" in page
    assert "only the surest (about 1 a week)" in page
    assert "many more papers (about 3 a week)" in page

    assert save(reader, order, "2")["Location"] == "/preferences/?saved=strictness"
    order.refresh_from_db()
    assert order.strictness == 2
    assert '<option value="2" selected>' in page_of(reader)

    save(reader, order, "")
    order.refresh_from_db()
    assert order.strictness is None


@pytest.mark.parametrize("value", ["3", "x", "-99"])
def test_another_step_is_refused(
    reader: Client, order: Subscription, value: str
) -> None:
    answer = save(reader, order, value)

    assert 'class="error"' in answer.content.decode()
    order.refresh_from_db()
    assert order.strictness is None


def test_where_a_query_alone_decides_there_is_nothing_to_choose(
    reader: Client,
) -> None:
    assert "How many papers" not in page_of(reader)
