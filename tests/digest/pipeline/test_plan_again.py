"""A digest once more: a new delivery, once for each press, with a stored reason."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import services as accounts
from accounts.models import User
from digest.models import Delivery, Digest, DigestItem, Paper, Topic
from digest.pipeline import plan, states
from digest.pipeline.deliver import deliver
from digest.pipeline.plan import CannotSendAgainError
from digest.pipeline.states import State
from digest.reading import subscriptions
from tests.digest.pipeline.sending import put_in, queue, render_one, state_of
from tests.factories import (
    NOW,
    make_delivery,
    make_digest,
    make_item,
    make_paper,
    make_reader,
    make_topic,
)

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=1)
WHY = "ann: the server was full"


@pytest.fixture
def topic() -> Topic:
    return make_topic()


@pytest.fixture
def reader(topic: Topic) -> User:
    return make_reader("reader@example.org", topic)


@pytest.fixture
def papers() -> list[Paper]:
    return [make_paper(f"Finding number {number}") for number in range(2)]


@pytest.fixture
def failed(reader: User, topic: Topic, papers: list[Paper]) -> Delivery:
    """A delivery with two papers that was too late."""
    delivery = queue(reader, *papers, topic=topic)
    states.expire(LATER)
    return delivery


def test_what_failed_goes_as_a_new_delivery_with_its_reason(
    failed: Delivery, papers: list[Paper]
) -> None:
    made = plan.plan_again(failed.pk, WHY, now=LATER)

    assert render_one(made, now=LATER)
    assert deliver([made], now=LATER) == {made: State.ACCEPTED}
    again = Digest.objects.get(delivery=made)
    assert (again.again_of, again.again_why) == (failed.digest, WHY)
    assert again.period_key == f"{failed.digest.period_key}+1"
    assert all(paper.title in str(mail.outbox[0].body) for paper in papers)
    assert mail.outbox[0].extra_headers["Message-ID"] != failed.message_id
    assert state_of(failed) == State.FAILED


def test_a_second_press_sends_nothing_more(failed: Delivery) -> None:
    plan.plan_again(failed.pk, WHY, now=LATER)

    with pytest.raises(CannotSendAgainError, match="on its way"):
        plan.plan_again(failed.pk, WHY, now=LATER)

    assert Delivery.objects.count() == 2


def test_what_a_later_digest_brought_does_not_come_twice(
    failed: Delivery, reader: User, topic: Topic, papers: list[Paper]
) -> None:
    later = make_digest(reader)
    make_item(later, papers[0], topic)

    made = plan.plan_again(failed.pk, WHY, now=LATER)

    items = DigestItem.objects.filter(digest__delivery=made)
    assert [item.paper for item in items] == [papers[1]]


def test_nothing_goes_when_nothing_is_left(
    failed: Delivery, reader: User, topic: Topic, papers: list[Paper]
) -> None:
    later = make_digest(reader)
    for paper in papers:
        make_item(later, paper, topic)

    with pytest.raises(CannotSendAgainError, match="came with a later digest"):
        plan.plan_again(failed.pk, WHY, now=LATER)

    assert not Digest.objects.filter(again_of__isnull=False).exists()


def test_what_was_accepted_goes_twice_only_on_that_word(reader: User) -> None:
    accepted = put_in(State.ACCEPTED)

    first = plan.plan_again(accepted.pk, WHY, now=LATER)
    with pytest.raises(CannotSendAgainError, match="on its way"):
        plan.plan_again(accepted.pk, WHY, now=LATER)
    assert render_one(first, now=LATER)
    deliver([first], now=LATER)
    second = plan.plan_again(accepted.pk, WHY, now=LATER)

    keys = Digest.objects.filter(again_of=accepted.digest).values_list(
        "period_key", flat=True
    )
    assert {key.rpartition("+")[2] for key in keys} == {"1", "2"}
    occasions = DigestItem.objects.filter(digest__delivery__in=[first, second])
    assert set(occasions.values_list("occasion", flat=True)) == {"again-1", "again-2"}


def test_a_repetition_is_repeated_under_the_first(failed: Delivery) -> None:
    once = plan.plan_again(failed.pk, WHY, now=LATER)
    states.cancel(once, "ann: not yet", LATER)

    twice = plan.plan_again(once, WHY, now=LATER)

    assert Digest.objects.get(delivery=twice).again_of == failed.digest
    assert Digest.objects.get(delivery=twice).period_key.endswith("+2")


@pytest.mark.parametrize(
    "state",
    [State.PLANNED, State.QUEUED, State.CLAIMED, State.HANDOFF, State.UNCERTAIN],
)
def test_what_has_not_ended_or_is_in_doubt_is_refused(state: State) -> None:
    delivery = put_in(state)

    with pytest.raises(CannotSendAgainError, match="not ended"):
        plan.plan_again(delivery.pk, WHY, now=LATER)


def test_whoever_left_paused_or_must_not_be_written_to_gets_nothing(
    failed: Delivery, reader: User
) -> None:
    subscriptions.end_all(reader.schedule, now=NOW)
    with pytest.raises(CannotSendAgainError, match="has left"):
        plan.plan_again(failed.pk, WHY, now=LATER)
    subscriptions.resume(reader.schedule, now=NOW)

    reader.schedule.paused_until = LATER.date() + timedelta(days=9)
    reader.schedule.save(update_fields=["paused_until", "ended_at"])
    with pytest.raises(CannotSendAgainError, match="has paused"):
        plan.plan_again(failed.pk, WHY, now=LATER)
    reader.schedule.paused_until = None
    reader.schedule.save(update_fields=["paused_until"])

    accounts.suppress(reader.email, "complaint", "all", NOW)
    with pytest.raises(CannotSendAgainError, match="must not be written to"):
        plan.plan_again(failed.pk, WHY, now=LATER)

    accounts.erase_user(reader, timezone.now())
    with pytest.raises(CannotSendAgainError, match="is gone"):
        plan.plan_again(failed.pk, WHY, now=LATER)


def test_a_reader_who_leaves_afterwards_gets_nothing(
    failed: Delivery, reader: User
) -> None:
    made = plan.plan_again(failed.pk, WHY, now=LATER)
    render_one(made, now=LATER)

    subscriptions.end_all(reader.schedule, now=LATER)

    assert deliver([made], now=LATER) == {}
    assert mail.outbox == []


def test_the_next_regular_digest_is_not_too_soon_after_it(
    failed: Delivery, reader: User
) -> None:
    """It keeps the day on which the first was due."""
    made = plan.plan_again(failed.pk, WHY, now=LATER)

    assert Digest.objects.get(delivery=made).due_at == failed.digest.due_at


def test_a_paper_whose_lead_is_gone_stands_alone(reader: User, topic: Topic) -> None:
    digest = make_digest(reader)
    lead, beneath = make_paper(), make_paper()
    make_item(digest, lead, topic)
    make_item(digest, beneath, topic, beneath=1)
    delivery = make_delivery(digest)
    states.cancel(delivery.pk, "ann: no", NOW)
    make_item(make_digest(reader), lead, topic)

    made = plan.plan_again(delivery.pk, WHY, now=LATER)

    item = DigestItem.objects.get(digest__delivery=made)
    assert (item.paper, item.beneath) == (beneath, None)
