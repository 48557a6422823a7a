"""A curator tries a topic while it is typed; nothing is saved."""

import pytest
from django.test import Client
from django.utils import timezone

from digest.models import Topic
from tests import factories
from tests.digest.admin.desk import address, sit_down, sit_down_with

pytestmark = pytest.mark.django_db

TRY = "/admin/digest/topic/try/"


def test_it_tries_a_topic_and_saves_nothing() -> None:
    today = timezone.now().date()
    for number in range(40):
        factories.make_paper(
            f"Proofs about matrices, part {number}", announced_on=today
        )
    factories.make_paper("Soft <b>robots</b> that climb", announced_on=today)
    typed = {"query": "", "wish": "climbing robots"}

    page = sit_down().post(TRY, typed).content.decode()

    assert "Soft &lt;b&gt;robots&lt;/b&gt; that climb" in page
    assert "1 paper in the last 14 days, less than 1 a week. Nothing is saved." in page
    assert "<em>robots</em> in the title" in page
    assert "as usual (chosen)" in page
    assert "matrices" not in page
    assert not Topic.objects.exists()


def test_a_topic_is_tried_with_its_examples() -> None:
    today = timezone.now().date()
    for number in range(40):
        factories.make_paper(
            f"Proofs about matrices, part {number}", announced_on=today
        )
    factories.make_paper("Soft robots that climb walls", announced_on=today)
    example = factories.make_paper("Soft robots that climb", announced_on=today)

    typed = {"query": "", "wish": "", "examples": example.slug}
    page = sit_down().post(TRY, typed).content.decode()

    assert "Soft robots that climb walls" in page
    assert "1 paper in the last 14 days" in page


def test_trying_says_what_is_wrong() -> None:
    typed = {"query": "(robots", "wish": "of the"}

    page = sit_down().post(TRY, typed).content.decode()

    assert "In plain words: These words say too little to look for." in page
    assert "Query: This bracket is never closed. It is at character 1" in page


def test_trying_is_for_those_who_may_change_topics() -> None:
    for client in (Client(), sit_down_with("view_topic")):
        assert client.post(TRY, {"query": "robots"}).status_code in (302, 403)
    assert sit_down().get(TRY).status_code == 405


def test_only_what_can_be_typed_can_be_tried() -> None:
    client, owner = sit_down(), factories.make_reader()
    daily = factories.make_topic("daily", kind="daily", query="")
    pages = {
        client.get(address(Topic, "add")): True,
        client.get(address(Topic, "change", factories.make_topic().pk)): True,
        client.get(address(Topic, "change", daily.pk)): False,
        client.get(
            address(Topic, "change", factories.make_topic("own", owner=owner).pk)
        ): False,
    }

    for page, is_offered in pages.items():
        assert (TRY in page.content.decode()) is is_offered
