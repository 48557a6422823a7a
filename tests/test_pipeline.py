"""One story: a feed's bytes in, a paper found, a mail out, the provider's word back.

Each stage is told twice, and the second time changes nothing.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers import serialize

from accounts import services as accounts
from accounts.models import Suppression, User
from digest.models import (
    Batch,
    Delivery,
    DeliveryEvent,
    Digest,
    DigestItem,
    Edition,
    Match,
    Paper,
    Schedule,
    Topic,
)
from digest.pipeline import ingest, match
from tests.digest.pipeline.documents import Listed, rss
from tests.digest.pipeline.mails import html_of
from tests.digest.pipeline.planning import plan_one
from tests.digest.pipeline.postmark import SECRET, complained, post
from tests.digest.pipeline.sending import deliver_one, render_one
from tests.digest.transports.servers import scripted
from tests.factories import make_reader, make_source, make_topic

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
FEED = rss(
    DAY,
    Listed("2611.00001", "A robot that folds <laundry> & $x^2$"),
    Listed("2611.00002", "Protein shapes from words"),
    Listed("2611.00003", "An old robot", version=2, announced="replace"),
)


def twice(stage: Callable[[], Any]) -> Any:
    """What the stage returned at first; the second time must leave every row."""
    first = stage()
    before = all_rows()
    stage()
    assert all_rows() == before
    return first


def all_rows() -> str:
    """Every row of every table, as text."""
    return "\n".join(
        serialize("json", model._default_manager.order_by("pk"))
        for model in apps.get_models()
    )


def test_a_paper_goes_from_the_feed_to_the_reader_and_its_fate_comes_back(
    settings: Any,
) -> None:
    topic = make_topic("robots", name="Robotics", query="robot")
    reader = make_reader("ada@example.net", topic, hour=12, next_due_at=NOW)

    paper = _take_in_and_match(topic)
    delivery_id = _plan_and_render(reader, paper)
    delivery = _deliver(settings, delivery_id)

    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    event = {**complained(delivery), "Email": "ada@example.net"}
    assert twice(lambda: post(event)) == 200
    stored = DeliveryEvent.objects.get()
    assert (stored.event_type, stored.delivery) == ("complained", delivery)
    assert Suppression.objects.get().reason == "complaint"
    assert accounts.is_suppressed("ada@example.net", "digests")


def _take_in_and_match(topic: Topic) -> Paper:
    source = make_source("cs-lg")
    taken_in = twice(lambda: ingest.ingest_source(source.pk, now=NOW, document=FEED))
    assert taken_in.new_count == 3
    assert Batch.objects.get().counts == {"new": 2, "replace": 1}
    paper = Paper.objects.get(arxiv_id="2611.00001")
    assert paper.title == "A robot that folds <laundry> & $x^2$"

    twice(lambda: match.match_papers(now=NOW, paper_ids=taken_in.paper_ids))
    found = Match.objects.get(paper=paper)
    assert found.topic == topic
    assert found.evidence
    return paper


def _plan_and_render(reader: User, paper: Paper) -> int:
    schedule = Schedule.objects.get(user=reader)
    delivery_id: int = twice(lambda: plan_one(schedule.pk, now=NOW))
    digest = Digest.objects.get()
    assert (digest.user, digest.period_key) == (reader, "2026-11-20")
    assert [item.paper for item in DigestItem.objects.all()] == [paper]
    assert Delivery.objects.get().state == Delivery.State.PLANNED

    assert twice(lambda: render_one(delivery_id, now=NOW))
    assert Delivery.objects.get().state == Delivery.State.QUEUED
    assert "&lt;laundry&gt; &amp; x²" in html_of(Edition.objects.get())
    return delivery_id


def _deliver(settings: Any, delivery_id: int) -> Delivery:
    with scripted(lambda port: _send_to(settings, port)) as server:
        assert twice(lambda: deliver_one(delivery_id, now=NOW)) == "accepted"
    delivery = Delivery.objects.get()
    assert delivery.evidence == "250 2.0.0 queued as SCRIPT"
    assert len(server.contents) == 1
    mail = _read(server.contents[0])
    assert mail["To"] == "ada@example.net"
    assert mail["Message-ID"] == delivery.message_id
    assert "A robot that folds <laundry> & x²" in _part(mail, "plain")
    assert "Protein" not in _part(mail, "plain")
    return delivery


def test_the_reader_gets_a_paper_once_though_its_feed_comes_again_and_again(
    settings: Any,
) -> None:
    source = make_source("cs-lg")
    topic = make_topic("robots", query="robot")
    reader = make_reader("ada@example.net", topic, hour=12, next_due_at=NOW)
    schedule = Schedule.objects.get(user=reader)
    days = [(NOW.replace(day=20 + ago), DAY.replace(day=20 + ago)) for ago in range(4)]

    with scripted(lambda port: _send_to(settings, port)) as server:
        for number, (now, day) in enumerate(days, start=1):
            feed = rss(
                day,
                Listed("2611.00001", f"A robot, told {number} times", version=number),
                Listed(f"2611.0001{number}", f"Robot number {number}"),
            )
            taken_in = ingest.ingest_source(source.pk, now=now, document=feed)
            match.match_papers(now=now, paper_ids=taken_in.paper_ids)
            delivery_id = plan_one(schedule.pk, now=now)
            assert delivery_id
            render_one(delivery_id, now=now)
            assert deliver_one(delivery_id, now=now) == "accepted"

    bodies = [_part(_read(raw), "plain") for raw in server.contents]
    assert len(bodies) == 4
    assert sum("A robot, told" in body for body in bodies) == 1
    for number, body in enumerate(bodies, start=1):
        assert f"Robot number {number}" in body


def _send_to(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "digest.transports.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DIGEST_AFTER_DOT_TIMEOUT_SECONDS = 5


def _read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part
    return " ".join(str(part.get_content()).split())
