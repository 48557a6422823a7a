"""The bytes of a mail, and the hash by which a retry knows them."""

import pytest
from django.db.models import Model

from accounts.models import User
from digest.models import Delivery, Edition, Schedule, Subscription, Topic
from digest.pipeline import render
from tests.digest.pipeline.mails import mail_for, render_for
from tests.digest.pipeline.planning import due_reader, papers_for
from tests.factories import (
    NOW,
    make_match,
    make_paper,
    make_subscription,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic() -> Topic:
    topic = make_topic("robots")
    papers_for(topic, "Robots that learn", "Robots that forget")
    return topic


def mail_hash(delivery: Delivery) -> str:
    """What is kept of the mail's content, were it handed over now."""
    return render.build_message(delivery.pk, NOW).content_hash


def test_it_is_the_same_mail_whatever_else_its_reader_follows(topic: Topic) -> None:
    reader = due_reader(topic)
    delivery = render_for(reader)
    before = mail_hash(delivery)

    make_subscription(reader, make_topic("another"))

    assert mail_hash(delivery) == before


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (User, "email", "other@example.org"),
        (Schedule, "feedback_token", "another-of-22-letters-"),
        (Schedule, "manage_token", "another-of-22-letters-"),
        (Subscription, "leave_token", "another-of-22-letters-"),
        (Edition, "subject", "Another subject"),
        (Edition, "coverage", ""),
        (Edition, "parts", []),
        (Edition, "texts", {}),
        (Delivery, "message_id", "<another@example.org>"),
    ],
)
def test_it_is_another_mail_if_anything_in_it_changes(
    topic: Topic, model: type[Model], field: str, value: object
) -> None:
    delivery = render_for(due_reader(topic))
    edition = Edition.objects.get()
    before = mail_hash(delivery)
    if field == "coverage":
        value = edition.parts[0]
    if field == "texts":
        value = edition.texts | {"heading": "Another heading"}

    model._default_manager.update(**{field: value})

    assert mail_hash(delivery) != before


def test_it_keeps_percent_signs_and_what_looks_like_a_hole() -> None:
    said = "100 % of 50%% and %(since)b"
    topic = make_topic("percent", name=said)
    reader = due_reader(topic)
    make_match(topic, make_paper(title=said, abstract=said))

    mail = mail_for(reader)

    assert mail.words.count(said) >= 3
    assert mail.text.count(said) >= 3
