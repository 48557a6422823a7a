"""Topics are retired and merged; their readers are told, and get no paper twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from accounts import services as accounts
from accounts.models import Notice, User
from digest.curating import retiring
from digest.models import DigestItem, Mark, Subscription, Topic
from digest.pipeline import plan
from digest.reading import subscriptions
from tests.accounts.story import send_all
from tests.digest.pipeline.planning import due_reader
from tests.factories import (
    NOW,
    make_digest,
    make_item,
    make_mark,
    make_match,
    make_paper,
    make_reader,
    make_subscription,
    make_topic,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def old() -> Topic:
    return make_topic("old", name="Old robots")


@pytest.fixture
def new() -> Topic:
    return make_topic("new", name="Robots & machines")


def topics_of(user: User) -> set[str]:
    """What the reader follows now."""
    rows = Subscription.objects.active().filter(user=user)
    return set(rows.values_list("topic__slug", flat=True))


def test_who_follows_a_retired_topic_is_told_in_the_curators_words(old: Topic) -> None:
    make_reader("ada@example.org", old)
    make_reader("ended@example.org", old, ended_at=NOW)
    make_subscription(make_reader("left@example.org"), old, status="ended")
    make_reader("bounced@example.org", old)
    accounts.suppress("bounced@example.org", "hard_bounce", "all", NOW)

    outcome = retiring.retire(old, "Too few papers.\nTry “New”.", now=NOW)

    assert (outcome.moved, outcome.told) == (0, 1)
    send_all(LATER)
    (message,) = mail.outbox
    assert message.to == ["ada@example.org"]
    assert message.subject == "Old robots at Paperboy ends"
    for words in ("“Old robots”", "Too few papers.", "Try “New”.", "/preferences/"):
        assert words in message.body
    old.refresh_from_db()
    assert old.is_retired
    assert retiring.retire(old, "Again.", now=NOW).told == 0


def test_a_merge_moves_readers_with_their_settings_and_links(
    old: Topic, new: Topic
) -> None:
    reader = make_reader("ada@example.org")
    row = make_subscription(reader, old, strictness=1, max_papers=3)
    mark = make_mark(reader, make_paper(), topic=old)

    outcome = retiring.merge_topics(old, new, "Nearly the same.", now=NOW)

    assert (outcome.moved, outcome.told) == (1, 1)
    moved = Subscription.objects.get(pk=row.pk)
    assert (moved.topic, moved.strictness, moved.max_papers) == (new, 1, 3)
    assert (moved.leave_token, moved.started_at) == (row.leave_token, row.started_at)
    assert Mark.objects.get(pk=mark.pk).topic == new
    send_all(LATER)
    assert mail.outbox[0].subject == "Old robots is now Robots & machines at Paperboy"
    assert "Nearly the same." in mail.outbox[0].body
    (message,) = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert "Robots &amp; machines" in str(message.alternatives[0][0])


def test_who_follows_both_keeps_the_other_and_who_left_it_stays_out(
    old: Topic, new: Topic
) -> None:
    both, left = make_reader("both@example.org", old), make_reader("x@example.org", old)
    kept = make_subscription(both, new, strictness=-1)
    subscriptions.leave(make_subscription(left, new), now=NOW)

    outcome = retiring.merge_topics(old, new, "", now=NOW)

    assert (outcome.moved, outcome.told) == (0, 2)
    assert topics_of(both) == {"new"}
    assert Subscription.objects.get(pk=kept.pk).strictness == -1
    assert topics_of(left) == set()
    old.refresh_from_db()
    assert (old.is_retired, old.merged_into) == (True, new)
    assert retiring.merge_topics(old, new, "", now=NOW).told == 0


def test_no_reader_gets_a_paper_twice_because_of_a_merge(
    old: Topic, new: Topic
) -> None:
    had, fresh = make_paper("Had"), make_paper("Fresh")
    for topic in (old, new):
        for paper in (had, fresh):
            make_match(topic, paper)
    one = due_reader(old, email="one@example.org")
    both = due_reader(old, new, email="both@example.org")
    for reader in (one, both):
        make_item(make_digest(reader, due_at=NOW - timedelta(days=2)), had, old)

    retiring.merge_topics(old, new, "", now=NOW)
    plan.plan_digests([one.schedule.pk, both.schedule.pk], now=NOW)

    for reader in (one, both):
        items = DigestItem.objects.filter(user=reader).values_list(
            "paper__title", "topic__slug"
        )
        assert sorted(items) == [("Fresh", "new"), ("Had", "old")]


def test_what_was_merged_leads_to_what_took_over(
    old: Topic, new: Topic, client: Client
) -> None:
    last = make_topic("last")
    retiring.merge_topics(old, new, "", now=NOW)
    retiring.merge_topics(new, last, "", now=NOW)

    response = client.get("/topic/old/")
    assert response["Location"] == "/topic/last/"
    reader = User.objects.create_user("late@example.org", confirmed_at=NOW)
    subscriptions.start(reader, {"topics": ["old"]}, now=NOW)
    assert topics_of(reader) == {"last"}

    retiring.restore(old)
    assert client.get("/topic/old/").status_code == 200


def test_nobody_waits_for_a_code_behind_a_mailing(old: Topic) -> None:
    for _number in range(3):
        make_reader("", old)
    retiring.retire(old, "", now=NOW)
    code = accounts.queue_notice(
        "signin_code", email="ada@example.org", value="ABC", now=NOW
    )

    unsent = accounts.unsent_notices(LATER)

    assert unsent[0] == code.pk
    assert len(unsent) == Notice.objects.count() == 4
