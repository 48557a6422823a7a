"""What is held of a reader is handed out whole, and nothing of it outlives them."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail, serializers
from django.core.serializers.json import DjangoJSONEncoder

from accounts import services as accounts
from accounts.models import User
from digest.models import (
    Attempt,
    CanonicalQuery,
    Delivery,
    DeliveryEvent,
    Digest,
    DigestItem,
    Edition,
    Example,
    Mark,
    Mute,
    Paper,
    SavedPaper,
    Schedule,
    Subscription,
    Topic,
)
from digest.pipeline.match import match_papers
from digest.reading import subscriptions, taste
from tests.digest.pipeline.mails import html_of, render_for
from tests.digest.pipeline.planning import due_reader, papers_for
from tests.digest.pipeline.sending import deliver_one
from tests.factories import (
    NOW,
    hide_paper,
    make_example,
    make_paper,
    make_pick,
    make_topic,
)

pytestmark = pytest.mark.django_db

ADDRESS = "carla.unusual@example.net"


def everything_stored() -> str:
    """All rows of all tables, as text."""
    rows = [
        row
        for model in apps.get_models()
        if not model._meta.proxy
        for row in model._default_manager.all()
    ]
    stored: str = serializers.serialize("json", rows)
    return stored


def export(reader: User) -> dict[str, Any]:
    """The digest app's part of what the reader gets, through JSON."""
    whole = json.dumps(accounts.export_user(reader), cls=DjangoJSONEncoder)
    exported: dict[str, Any] = json.loads(whole)["digests"]
    return exported


@pytest.fixture
def reader() -> User:
    """A reader with a mail that was accepted and then bounced."""
    topic = make_topic("robots")
    papers_for(topic, "Robots that learn", "Robots that forget")
    reader = due_reader(topic, email=ADDRESS, max_papers=1)
    own = subscriptions.add_personal_topic(
        reader, name="My own words", query="very private", now=NOW
    )
    subscriptions.leave(own, now=NOW)
    delivery = render_for(reader)
    reply = f"250 queued for <{ADDRESS}>"
    Delivery.objects.update(state="accepted", evidence=reply, settled_at=NOW)
    Attempt.objects.create(
        delivery=delivery,
        number=1,
        started_at=NOW,
        worker="here:1",
        outcome="accepted",
        detail=reply,
    )
    DeliveryEvent.objects.create(
        provider="postmark",
        event_key="1",
        event_type="bounced",
        reject_reason="bounced",
        delivery=delivery,
        happened_at=NOW,
        received_at=NOW,
    )
    return reader


def test_the_examples_of_a_topic_are_handed_out_and_erased(reader: User) -> None:
    topic = Topic.objects.get(owner=reader)
    make_example(topic, make_paper("Walls that robots climb"))

    (own,) = export(reader)["personal_topics"]
    assert [paper["title"] for paper in own["examples"]] == ["Walls that robots climb"]
    accounts.erase_user(reader, now=NOW)
    assert not Example.objects.exists()


def test_it_hands_out_the_schedule_and_the_topics(reader: User) -> None:
    exported = export(reader)

    schedule = exported["schedule"][0]
    assert (schedule["zone"], schedule["hour"], schedule["max_papers"]) == ("UTC", 7, 1)
    assert schedule["explores"] is False
    assert (schedule["order"], schedule["month_day"]) == ("relevance", 1)
    assert {s["max_papers"] for s in exported["subscriptions"]} == {None}
    assert exported["personal_topics"][0]["query"] == "very private"
    statuses = {s["topic"]: s["status"] for s in exported["subscriptions"]}
    assert statuses == {"Robots": "active", "My own words": "ended"}


def test_it_hands_out_each_digest_with_papers_reasons_and_what_became_of_it(
    reader: User,
) -> None:
    digest = export(reader)["digests"][0]

    assert (digest["period"], digest["status"]) == ("2026-11-20", "planned")
    assert [
        (paper["title"], paper["was_in_mail"], paper["topic"])
        for paper in digest["papers"]
    ] == [
        ("Robots that learn", True, "Robots"),
        ("Robots that forget", False, "Robots"),
    ]
    assert digest["papers"][0]["evidence"][0]["text"] == "Robots"
    delivery = digest["delivery"]
    assert delivery["state"] == "accepted"
    assert delivery["evidence"] == f"250 queued for <{ADDRESS}>"
    assert delivery["attempts"][0]["outcome"] == "accepted"
    assert delivery["events"][0]["event_type"] == "bounced"


def test_it_hands_out_what_was_said_of_papers_and_how_strict_topics_are(
    reader: User,
) -> None:
    saved, refused = make_paper("Grippers"), make_paper("Stairs")
    taste.save(reader, saved, now=NOW)
    taste.mark_less(reader, refused, topic=Topic.objects.get(slug="robots"), now=NOW)
    SavedPaper.objects.update(read_at=NOW)
    taste.mute_author(reader, "Jane Doe", now=NOW)
    Subscription.objects.filter(topic__slug="robots").update(strictness=2)
    Topic.objects.filter(owner=reader).update(wish="quiet words", strictness=-1)

    exported = export(reader)

    (kept,) = exported["saved_papers"]
    assert (kept["paper"], kept["url"]) == (saved.canonical_id, saved.url)
    assert kept["read_at"] == kept["saved_at"] == "2026-11-20T12:00:00Z"
    (mark,) = exported["marks"]
    assert (mark["title"], mark["verdict"], mark["topic"]) == (
        "Stairs",
        "less",
        "Robots",
    )
    assert [(m["kind"], m["text"]) for m in exported["mutes"]] == [
        ("author", "Jane Doe")
    ]
    strict = {s["topic"]: s["strictness"] for s in exported["subscriptions"]}
    assert strict == {"Robots": 2, "My own words": None}
    (own,) = exported["personal_topics"]
    assert (own["wish"], own["strictness"]) == ("quiet words", -1)


def test_it_forgets_what_was_said_of_papers(reader: User) -> None:
    taste.save(reader, make_paper("Grippers"), now=NOW)
    taste.mark_more(reader, make_paper("Suction"), now=NOW)
    taste.mute_word(reader, "survey", now=NOW)

    accounts.erase_user(reader, NOW)

    assert not Mark.objects.exists()
    assert not SavedPaper.objects.exists()
    assert not Mute.objects.exists()
    assert Paper.objects.filter(title="Grippers").exists()


def test_it_hands_out_a_skipped_digest_with_its_reason() -> None:
    reader = due_reader()
    Digest.objects.create(
        user=reader,
        cadence="daily",
        period_key="2026-11-19",
        due_at=NOW,
        zone="UTC",
        planned_at=NOW,
        status="skipped",
        reason="empty",
    )

    digest = export(reader)["digests"][0]

    assert (digest["reason"], digest["delivery"], digest["papers"]) == (
        "empty",
        None,
        [],
    )


def test_it_hands_out_what_a_curator_picked_and_hid(reader: User) -> None:
    make_pick(make_paper("Picked"), curator=reader, note="Worth it.")
    hidden = hide_paper(make_paper("Hidden"), reason="No paper.")
    hidden.curator = reader
    hidden.save()

    exported = export(reader)

    assert exported["picks"][0]["note"] == "Worth it."
    assert exported["hidden_papers"][0]["reason"] == "No paper."


def test_it_hands_out_nothing_that_opens_a_door(reader: User) -> None:
    exported = json.dumps(export(reader))

    schedule = Schedule.objects.get()
    assert schedule.manage_token not in exported
    assert schedule.unsubscribe_token not in exported
    assert Subscription.objects.earliest("pk").leave_token not in exported


def test_it_hands_out_nothing_of_anybody_else(reader: User) -> None:
    other = due_reader(make_topic("others"), email="other@example.org")
    papers_for(make_topic(), "Unrelated")

    exported = json.dumps(export(other))

    assert "Robots" not in exported
    assert "very private" not in exported


def test_it_keeps_the_counts_and_forgets_the_person(reader: User) -> None:
    accounts.erase_user(reader, NOW)

    assert ADDRESS not in everything_stored()
    assert "carla" not in everything_stored().lower()
    assert (Digest.objects.get().user, Digest.objects.get().status) == (None, "planned")
    assert DigestItem.objects.filter(user__isnull=True).count() == 2
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts.count()) == ("accepted", 1)
    assert delivery.evidence == "250 queued for <…>"
    assert Attempt.objects.get().outcome == "accepted"
    assert not Schedule.objects.exists()
    assert not Subscription.objects.exists()


def test_it_forgets_personal_topics_with_their_owner(reader: User) -> None:
    match_papers(now=NOW)
    assert CanonicalQuery.objects.filter(text__contains="private").exists()

    accounts.erase_user(reader, NOW)

    assert not Topic.objects.filter(name="My own words").exists()
    assert "very private" not in everything_stored()


def test_it_keeps_what_somebody_else_asks_too(reader: User) -> None:
    own = Topic.objects.get(owner=reader)
    curated = make_topic("same", query=own.query.upper())
    match_papers(now=NOW)

    accounts.erase_user(reader, NOW)

    curated.refresh_from_db()
    assert curated.canonical is not None


def test_it_sends_nothing_that_was_planned_for_somebody_erased() -> None:
    topic = make_topic()
    papers_for(topic, "Paper")
    reader = due_reader(topic, email=ADDRESS)
    delivery = render_for(reader)

    accounts.erase_user(reader, NOW + timedelta(minutes=1))

    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("skipped", "the reader was erased")
    deliver_one(delivery.pk, now=NOW)
    assert mail.outbox == []
    assert ADDRESS not in html_of(Edition.objects.get())
