"""A digest that is due before the day's papers are in waits for them, up to a limit."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from digest.models import Batch, Digest, Holiday, Schedule, Source, Timing, Topic
from digest.pipeline.plan import plan_digests, reschedule, waiting
from tests.factories import (
    make_announcement,
    make_batch,
    make_match,
    make_paper,
    make_reader,
    make_source,
    make_topic,
)

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)
DUE = datetime(2026, 11, 20, 7, tzinfo=UTC)  # two hours after arXiv's midnight
LIMIT = DUE + timedelta(hours=6)


@pytest.fixture
def topic() -> Topic:
    return make_topic("optics")


@pytest.fixture
def source(topic: Topic) -> Source:
    """An arXiv feed that brought papers of the topic yesterday."""
    source = make_source(last_succeeded_at=DUE - timedelta(hours=1))
    batch = make_batch(source, FRIDAY - timedelta(days=1), completed_at=DUE)
    draw(topic, batch)
    return source


def draw(topic: Topic, batch: Batch) -> None:
    """Let the topic have matched a paper of the batch."""
    paper = make_paper(announced_on=batch.announced_on, matched_at=DUE)
    make_announcement(paper, batch)
    make_match(topic, paper)


@pytest.fixture
def reader(topic: Topic) -> Schedule:
    """A reader of the topic, due at 7:00 UTC."""
    user = make_reader("", topic, hour=7, zone="UTC", next_due_at=DUE)
    return Schedule.objects.get(user=user)


def plan(reader: Schedule, now: datetime) -> Digest | None:
    """Plan if the sweep would; the digest of the period, if there is one."""
    if Schedule.objects.due(now).filter(pk=reader.pk).exists():
        plan_digests([reader.pk], now=now)
    reader.refresh_from_db()
    return Digest.objects.filter(user=reader.user).first()


def test_it_waits_while_the_days_list_is_not_complete(
    reader: Schedule, source: Source
) -> None:
    make_batch(source, FRIDAY, status=Batch.Status.PARTIAL)

    assert plan(reader, DUE) is None
    assert reader.next_due_at == DUE
    assert reader.held_until == DUE + timedelta(minutes=5)
    assert [s.pk for s in waiting.missing_sources(reader.user_id, DUE)] == [source.pk]


def test_it_goes_when_the_list_is_complete(reader: Schedule, source: Source) -> None:
    assert plan(reader, DUE) is None
    make_batch(source, FRIDAY, completed_at=DUE)
    assert plan(reader, DUE + timedelta(minutes=2)) is None  # nobody has looked yet

    assert waiting.release_held() == 1
    digest = plan(reader, DUE + timedelta(minutes=2))

    assert digest is not None
    assert (digest.due_at, digest.status) == (DUE, Digest.Status.PLANNED)
    assert reader.held_until is None
    assert reader.next_due_at == DUE + timedelta(days=1)


def test_it_goes_at_the_limit_without_the_list(
    reader: Schedule, source: Source
) -> None:
    now = DUE
    while now < LIMIT:
        assert plan(reader, now) is None
        now = reader.held_until or now
    assert now == LIMIT

    digest = plan(reader, LIMIT)

    assert digest is not None
    assert digest.status == Digest.Status.PLANNED


@pytest.mark.parametrize("case", ["weekend", "holiday", "given up", "off", "other"])
def test_it_does_not_wait_in_vain(
    case: str, reader: Schedule, source: Source, settings: Any
) -> None:
    now = DUE
    if case == "weekend":
        now = DUE + timedelta(days=1)
        Schedule.objects.update(next_due_at=now)
    elif case == "holiday":
        Holiday.objects.create(day=FRIDAY - timedelta(days=1))
    elif case == "given up":
        Source.objects.update(last_succeeded_at=DUE - timedelta(days=4))
    elif case == "off":
        settings.DIGEST_WAIT_HOURS = 0
    else:  # a source of other topics than the reader's
        make_batch(source, FRIDAY, completed_at=DUE)
        other = make_source(last_succeeded_at=DUE)
        yesterday = make_batch(other, FRIDAY - timedelta(days=1))
        draw(make_topic("genes"), yesterday)

    assert plan(reader, now) is not None


def test_a_paused_reader_is_skipped_at_once(reader: Schedule, source: Source) -> None:
    Schedule.objects.update(paused_until=FRIDAY + timedelta(days=7))

    digest = plan(reader, DUE)

    assert digest is not None
    assert digest.reason == Digest.Reason.PAUSED


def test_what_came_late_is_in_the_next_digest_and_never_twice(
    reader: Schedule, source: Source, topic: Topic
) -> None:
    first = plan(reader, LIMIT)
    assert first is not None
    batch = make_batch(source, FRIDAY, completed_at=LIMIT)
    draw(topic, batch)
    saturday = DUE + timedelta(days=1)

    assert plan(reader, saturday) is not None

    items = [
        [item.paper_id for item in digest.items.all()]
        for digest in Digest.objects.filter(user=reader.user).order_by("due_at")
    ]
    assert [len(papers) for papers in items] == [1, 1]
    assert not set(items[0]) & set(items[1])


def test_as_soon_as_in_is_due_when_arxivs_day_begins(
    reader: Schedule, source: Source
) -> None:
    Schedule.objects.update(timing=Timing.WHEN_IN, zone="Asia/Tokyo")
    reader.refresh_from_db()
    reschedule(reader, now=DUE - timedelta(hours=3))
    reader.refresh_from_db()
    midnight = datetime(2026, 11, 20, 5, tzinfo=UTC)
    assert reader.next_due_at == midnight

    assert plan(reader, midnight) is None
    make_batch(source, FRIDAY, completed_at=midnight)
    waiting.release_held()
    digest = plan(reader, midnight + timedelta(minutes=15))

    assert digest is not None
    assert digest.period_key == "2026-11-20"
    # Its day is arXiv's day, wherever the reader lives.
    assert digest.zone == "America/New_York"


def test_a_reader_whose_topics_matched_nothing_yet_waits_for_any_source() -> None:
    newcomer = make_reader("", make_topic(), next_due_at=DUE)
    late = make_source(last_succeeded_at=DUE)

    assert waiting.missing_sources(newcomer.pk, DUE) == [late]


def test_a_digest_without_papers_keeps_what_was_away(reader: Schedule) -> None:
    make_source(name="arXiv: optics", error="arXiv answered 502.", failure_count=3)

    digest = plan(reader, DUE)

    assert digest is not None
    assert digest.reason == Digest.Reason.EMPTY
    assert [line["status"] for line in digest.coverage] == ["failed"]
