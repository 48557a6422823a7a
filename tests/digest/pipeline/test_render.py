"""A digest's content is rendered once for all who get the same, and then frozen."""

from typing import Any

import pytest
from django.utils import translation

from accounts.models import User
from digest.models import (
    Delivery,
    DigestItem,
    Edition,
    Match,
    Paper,
    Schedule,
    Topic,
)
from digest.pipeline import render
from digest.pipeline.render.holes import CLOSE, OPEN
from tests.digest.pipeline.mails import again, html_of, mail_for, mail_of, render_for
from tests.digest.pipeline.planning import due_reader, papers_for, plan_for, titles
from tests.digest.pipeline.sending import render_one
from tests.factories import (
    NOW,
    hide_paper,
    make_batch,
    make_match,
    make_paper,
    make_pick,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    topic = make_topic("robots")
    papers_for(topic, "Robots that learn", "Robots that forget")
    return topic


def test_it_queues_the_delivery_with_its_edition(topic: Topic) -> None:
    delivery = render_for(due_reader(topic))

    assert delivery.state == Delivery.State.QUEUED
    assert delivery.edition
    assert render.build_message(delivery.pk, NOW).raw


def test_it_renders_a_delivery_once(topic: Topic) -> None:
    delivery = render_for(due_reader(topic))

    assert render_one(delivery.pk, now=NOW) is False
    assert again(delivery).content_hash == delivery.content_hash


def test_it_builds_the_same_bytes_again(topic: Topic) -> None:
    reader = due_reader(topic)
    delivery = render_for(reader)
    first = mail_of(delivery).raw
    # What happens to the papers meanwhile is no longer this mail's affair.
    Paper.objects.update(title="Another title", upvotes=99)

    with translation.override("fr"):
        second = mail_of(again(delivery)).raw

    assert second == first


def test_it_shares_one_edition_between_readers_who_get_the_same(topic: Topic) -> None:
    one, other = due_reader(topic), due_reader(topic)

    editions = [render_for(reader).edition for reader in (one, other)]

    assert editions[0] == editions[1]
    assert Edition.objects.count() == 1


def test_it_makes_another_edition_for_another_reason(topic: Topic) -> None:
    other_topic = make_topic("learning")
    for paper in Paper.objects.all():
        make_match(other_topic, paper)

    editions = [render_for(due_reader(each)).edition for each in (topic, other_topic)]

    assert editions[0] != editions[1]


WORD = {"kind": "word", "text": "Robots", "field": "title"}


@pytest.mark.parametrize(
    ("model", "change"),
    [
        (Paper, {"title": "Robots that sleep"}),
        (Paper, {"abstract": "Another abstract."}),
        (Paper, {"organisation": "Example Lab"}),
        (Paper, {"signals": {"code_url": "https://github.com/a/b"}}),
        (Paper, {"is_withdrawn": True}),
        *((Paper, {votes: 5}) for votes in ("upvotes", "reader_votes")),
        (Paper, {"url": "https://example.org/elsewhere"}),
        (Topic, {"name": "Machines"}),
        (Topic, {"description": "All about machines."}),
        (Match, {"evidence": [{"kind": "word", "text": "learn", "field": "title"}]}),
        (Match, {"evidence": [{**WORD, "words": ["robots", "that"]}]}),
    ],
)
def test_it_never_gives_a_reader_an_edition_that_says_something_else(
    model: Any, change: dict[str, Any], topic: Topic
) -> None:
    first = render_for(due_reader(topic)).edition
    model.objects.update(**change)

    second = render_for(due_reader(topic)).edition

    assert first is not None
    assert second is not None
    assert first.key != second.key
    assert html_of(first) != html_of(second)


def test_it_makes_another_edition_when_the_coverage_differs(topic: Topic) -> None:
    first = render_for(due_reader(topic)).edition
    source = make_source(name="arXiv", last_succeeded_at=NOW)
    make_batch(source, entry_count=2, completed_at=NOW)

    second = render_for(due_reader(topic)).edition

    assert first != second


def test_it_fills_the_holes_with_what_is_one_readers_own(topic: Topic) -> None:
    ada, ben = (
        due_reader(topic, email="ada@one.example"),
        due_reader(topic, email="ben@two.example"),
    )

    mails = {user: mail_for(user) for user in (ada, ben)}

    for user, other in ((ada, ben), (ben, ada)):
        mail, schedule = mails[user], Schedule.objects.get(user=user)
        digest = user.digests.get()
        for part in (mail.html, mail.text):
            assert f"/u/{schedule.unsubscribe_token}" in part
            assert f"/m/{schedule.manage_token}" in part
            assert f"/l/{user.subscriptions.get().leave_token}" in part
            assert str(digest.public_id) in part
            assert OPEN not in part
            assert CLOSE not in part
        raw = mail.raw.decode()
        assert mail.headers["To"] == user.email
        assert other.email not in raw
        assert other.schedule.unsubscribe_token not in raw
        assert other.schedule.manage_token not in raw
    assert Edition.objects.count() == 1


def test_it_leads_from_each_paper_to_pages_for_this_reader_alone(
    topic: Topic,
) -> None:
    reader = due_reader(topic)

    mail = mail_for(reader)

    base = f"https://papers.example.org/f/{reader.schedule.feedback_token}"
    papers = Paper.objects.filter(matches__topic=topic)
    assert papers
    for paper in papers:
        for act in ("save", "more", "less", "mute"):
            assert f'href="{base}/{paper.pk}/{act}"' in mail.html
        assert f"{base}/{paper.pk}\n" in mail.text


def test_it_carries_no_token_in_the_link_of_a_paper(topic: Topic) -> None:
    mail = mail_for(due_reader(topic))

    for paper in Paper.objects.all():
        assert f'href="{paper.url}"' in mail.html
        assert f"{paper.url}\n" in mail.text


def test_it_leads_to_its_own_page_where_a_paper_has_no_web_address() -> None:
    topic = make_topic()
    paper = make_paper("Robots", url="javascript:alert(1)")
    make_match(topic, paper)

    mail = mail_for(due_reader(topic))

    assert "javascript" not in mail.html + mail.text
    assert f'href="https://papers.example.org/paper/{paper.slug}' in mail.html


def poison(topic: Topic) -> None:
    """A match whose reason no template can put into words."""
    evidence = [{"kind": "word", "text": "robots", "field": "no such field"}]
    make_match(topic, make_paper("Poison"), evidence=evidence)


def test_it_fails_a_digest_that_cannot_be_rendered_alone_and_frees_its_papers(
    topic: Topic,
) -> None:
    bad = make_topic("bad")
    poison(bad)
    unlucky, lucky = due_reader(topic, bad), due_reader(topic)
    deliveries = [plan_for(reader) for reader in (unlucky, lucky)]

    done = [render_one(d.pk, now=NOW) for d in deliveries if d]

    assert done == [False, True]
    failed = Delivery.objects.get(digest__user=unlucky)
    assert failed.state == Delivery.State.FAILED
    assert "no such field" in failed.reason
    assert failed.edition is None
    assert not DigestItem.objects.filter(
        user=unlucky, released_at__isnull=True
    ).exists()
    assert Delivery.objects.get(digest__user=lucky).state == Delivery.State.QUEUED


def test_it_says_what_was_picked_and_what_the_curators_say() -> None:
    daily = make_topic("daily-papers", kind=Topic.Kind.DAILY)
    make_pick(make_paper("The pick"), note="Read <this> & that.")

    mail = mail_for(due_reader(daily))

    assert "Read <this> & that." in mail.words
    assert "“Read <this> & that.”" in mail.text
    assert "Picked by the curators" in mail.words
    assert "Picked by the curators" in mail.text


def byline_of(authors: list[str], evidence: list[dict[str, Any]]) -> tuple[str, User]:
    topic = make_topic()
    make_match(topic, make_paper("Robots", authors=authors), evidence=evidence)
    reader = due_reader(topic)
    return mail_for(reader).words, reader


def test_it_shortens_the_authors_but_keeps_the_one_who_is_followed() -> None:
    authors = [f"Author N{n}" for n in range(1, 9)]
    follows = {"kind": "author", "text": "Author N7", "field": "author"}

    words, reader = byline_of(authors, [follows])

    assert "Author N1, Author N2, Author N3, Author N7 and 4 more" in words
    assert "author Author N7" in words
    assert titles(reader) == ["Robots"]


def test_it_shortens_nobody_away_for_a_single_name() -> None:
    words, _ = byline_of([f"Author N{n}" for n in range(1, 5)], [])

    assert "Author N1, Author N2, Author N3, Author N4" in words
    assert "more" not in words


def test_it_shows_tex_as_readable_characters_in_both_parts() -> None:
    topic = make_topic()
    paper = make_paper(
        r"Bounds on $\alpha_1 < \beta^2$",
        abstract=r"We show $x \in \mathbb{R}$ & more.",
        authors=[r"Jos\'e Hern\'andez"],
    )
    make_match(topic, paper)

    mail = mail_for(due_reader(topic))

    for part in (mail.words, mail.text):
        assert "Bounds on α₁ < β²" in part
        assert "x ∈ \N{DOUBLE-STRUCK CAPITAL R}" in part
        assert "José Hernández" in part
        assert "\\" not in part


def test_it_leaves_out_a_paper_that_was_hidden_after_planning() -> None:
    topic = make_topic()
    papers_for(topic, "Kept paper", "Hidden paper")
    delivery = plan_for(due_reader(topic))
    assert delivery
    hide_paper(Paper.objects.get(title="Hidden paper"))

    assert render_one(delivery.pk, now=NOW)

    words = mail_of(again(delivery)).words
    assert "Kept paper" in words
    assert "Hidden paper" not in words


def test_it_sends_no_mail_of_which_every_paper_was_hidden() -> None:
    topic = make_topic()
    papers_for(topic, "Hidden paper")
    delivery = plan_for(due_reader(topic))
    assert delivery
    hide_paper(Paper.objects.get())

    assert not render_one(delivery.pk, now=NOW)
    assert "hid every paper" in again(delivery).reason
