"""Near-duplicates fall together; one that follows an earlier one says so."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import User
from digest.models import Companion, Delivery, DigestItem, Paper, Topic
from digest.pipeline import states
from digest.pipeline.plan import preview
from digest.pipeline.render.reason import as_text
from digest.views import outlook
from tests.digest.pipeline.alike import make_companion
from tests.digest.pipeline.mails import mail_of, render_for
from tests.digest.pipeline.planning import due_reader, plan_for, titles
from tests.digest.pipeline.sending import render_one
from tests.factories import (
    NOW,
    hide_paper,
    make_match,
    make_paper,
    make_topic,
)

pytestmark = pytest.mark.django_db

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def robots() -> Topic:
    return make_topic("robots")


def matched(topic: Topic, title: str, score: float, **fields: Any) -> Paper:
    paper = make_paper(title, **fields)
    make_match(topic, paper, score=score)
    return paper


def two_parts(topic: Topic) -> tuple[Paper, Paper]:
    one, two = matched(topic, "Part one", 3.0), matched(topic, "Part two", 2.0)
    make_companion(one, two)
    return one, two


def page_of(reader: User, client: Client) -> str:
    """The text of the reader's digest on the web."""
    response = client.get(reader.digests.get().get_absolute_url())
    return strip_tags(response.content.decode())


def beneath(reader: User) -> dict[str, int | None]:
    items = DigestItem.objects.filter(user=reader).order_by("position")
    return dict(items.values_list("paper__title", "beneath"))


def test_the_best_has_the_place_and_the_other_stands_beneath(robots: Topic) -> None:
    matched(robots, "Another", 2.5)
    two_parts(robots)
    reader = due_reader(robots, max_papers=2)

    plan_for(reader)

    assert beneath(reader) == {"Part one": None, "Part two": 1, "Another": None}
    assert titles(reader) == ["Part one", "Part two", "Another"]


def test_what_stood_beneath_counts_as_had(robots: Topic) -> None:
    two_parts(robots)
    reader = due_reader(robots)
    plan_for(reader)

    assert plan_for(reader, TOMORROW) is None
    assert DigestItem.objects.count() == 2


def test_the_mail_names_it_beneath_in_both_parts(robots: Topic) -> None:
    _, two = two_parts(robots)
    Paper.objects.filter(pk=two.pk).update(title="Part <two>")

    delivery = render_for(due_reader(robots))
    mail = mail_of(delivery)

    assert f"Also: Part <two>\n{two.url}" in mail.text
    assert f'<a href="{two.url}"' in mail.html
    assert "Part &lt;two&gt;" in mail.html
    assert delivery.edition
    assert delivery.edition.subject.startswith("1 paper ")


def test_readers_who_have_it_beneath_share_an_edition_of_their_own(
    robots: Topic,
) -> None:
    two_parts(robots)
    together = [render_for(due_reader(robots)).edition for _ in range(2)]
    Companion.objects.all().delete()

    apart = render_for(due_reader(robots)).edition

    assert together[0] == together[1] != apart


def test_the_web_page_names_it_beneath(robots: Topic, client: Client) -> None:
    two_parts(robots)
    reader = due_reader(robots)
    plan_for(reader)

    text = page_of(reader, client)

    assert text.count("Why:") == 1
    assert text.index("Part one") < text.index("Also:") < text.index("Part two")


def test_beneath_one_that_was_held_back_it_waits_on_the_web(
    robots: Topic, client: Client
) -> None:
    two_parts(robots)
    matched(robots, "Best", 5.0)
    reader = due_reader(robots, max_papers=1)
    delivery = render_for(reader)

    text = page_of(reader, client)

    assert titles(reader) == ["Best"]
    assert "2 papers had no room in the mail" in text
    assert "2 more are on the web" in mail_of(delivery).text
    assert text.index("Part one") < text.index("Also:") < text.index("Part two")


def test_one_whose_paper_above_is_hidden_has_the_place(
    robots: Topic, client: Client
) -> None:
    one, two = two_parts(robots)
    reader = due_reader(robots)
    delivery = plan_for(reader)
    assert delivery
    hide_paper(one)

    assert render_one(delivery.pk, now=NOW)
    delivery.refresh_from_db()
    mail = mail_of(delivery)
    text = page_of(reader, client)

    assert "Also:" not in mail.text + text
    assert delivery.edition
    assert delivery.edition.subject.startswith("1 paper ")
    assert two.url in mail.text
    assert "Part two" in text


def test_the_outlook_shows_them_together(robots: Topic) -> None:
    two_parts(robots)
    reader = due_reader(robots)

    (section,) = outlook.sections(preview(reader.pk, now=NOW))

    assert [card.plain_title for card in section.cards] == ["Part one"]
    assert [also.title for also in section.cards[0].place.also] == ["Part two"]


def test_one_that_follows_an_earlier_one_says_which_and_when(robots: Topic) -> None:
    one = matched(robots, "Part one", 3.0)
    reader = due_reader(robots)
    plan_for(reader)
    two = matched(robots, "Part two", 2.0, announced_on=TOMORROW.date())
    make_companion(one, two)

    plan_for(reader, TOMORROW)

    item = DigestItem.objects.get(paper=two)
    assert (item.is_in_mail, item.beneath) == (True, None)
    assert as_text(item.evidence) == (
        "*Part* in the title; close to *Part one*, which you had on 20 November"
    )


@pytest.mark.parametrize("fate", ["held", "released", "another's"])
def test_a_paper_that_was_not_mailed_is_not_spoken_of(robots: Topic, fate: str) -> None:
    one = matched(robots, "Part one", 3.0)
    first = due_reader(robots)
    delivery = plan_for(first)
    reader = due_reader(robots) if fate == "another's" else first
    if fate == "held":
        DigestItem.objects.update(is_in_mail=False)
    if fate == "released":
        assert delivery
        states.fail_rendering(delivery.pk, "test", NOW)
        hide_paper(one)
    two = matched(robots, "Part two", 4.0, announced_on=TOMORROW.date())
    make_companion(one, two)

    plan_for(reader, TOMORROW)

    item = DigestItem.objects.get(paper=two)
    assert "close to" not in as_text(item.evidence)
    assert Delivery.objects.filter(digest=item.digest).exists()
