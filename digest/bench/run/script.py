"""The rival: a script such as cron starts, with ORM filters for each reader.

Run as `python -m digest.bench.run.script HOST PORT READERS`; its only line is JSON:
mails, papers in them, seconds from its first query to the last mail written down, and
those of its processor. It does what the product promises: no paper twice, a fair share
for each topic, a row for each digest and paper, and nothing called sent before the
server took it.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice, zip_longest
from typing import Any

import django
from django.core.mail import get_connection
from django.db.models import Q
from django.utils import timezone


def main(host: str, port: int, readers: int) -> None:
    """Send so many due readers a digest."""
    django.setup()
    start, cpu = time.perf_counter(), time.process_time()
    mails, papers = send_all(host, port, readers, now=timezone.now())
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(json.dumps((mails, papers, seconds, cpu)))


def send_all(host: str, port: int, readers: int, *, now: datetime) -> tuple[int, int]:
    """One reader after the other over one connection; mails, and papers in them."""
    from digest.bench.plain import compose  # noqa: PLC0415  needs the settings
    from digest.models import Schedule, Subscription  # noqa: PLC0415

    backend = "django.core.mail.backends.smtp.EmailBackend"
    mails = papers = 0
    with get_connection(backend, host=host, port=port) as connection:
        due = Schedule.objects.due(now).select_related("user").order_by("pk")
        for schedule in due[:readers]:
            subscriptions = Subscription.objects.filter(user=schedule.user_id)
            topics = [one.topic for one in subscriptions.select_related("topic")]
            entries = _choose(schedule, topics, now)
            if entries:
                digest = _store(schedule, entries, now)
                message = compose(entries, topics, schedule.user.email, connection)
                message.send()
                _note_sent(digest)
                mails += 1
                papers += len(entries)
            schedule.next_due_at += timedelta(days=1)
            schedule.save(update_fields=["next_due_at"])
    return mails, papers


def _choose(schedule: Any, topics: Sequence[Any], now: datetime) -> list[Any]:
    """Today's papers with the topics' words that the reader has not had, in turn."""
    from digest.models import DigestItem, Paper  # noqa: PLC0415

    had = DigestItem.objects.filter(user=schedule.user_id).values("paper")
    found = []
    for topic in topics:
        papers = (
            Paper.objects.shown()
            .filter(
                Q(title__icontains=topic.query) | Q(abstract__icontains=topic.query),
                announced_on=now.date(),
            )
            .exclude(pk__in=had)
            .order_by("-pk")[: schedule.max_papers]
        )
        found.append([(paper, topic) for paper in papers])
    return list(islice(_once_each(found), schedule.max_papers))


def _once_each(found: Sequence[Sequence[Any]]) -> Iterator[Any]:
    seen = set()
    for entry in chain.from_iterable(zip_longest(*found)):
        if entry and entry[0].pk not in seen:
            seen.add(entry[0].pk)
            yield entry


def _store(schedule: Any, entries: Sequence[Any], now: datetime) -> Any:
    from digest.models import Delivery, Digest, DigestItem  # noqa: PLC0415

    digest = Digest.objects.create(
        user=schedule.user,
        cadence=schedule.cadence,
        period_key=f"{now:%Y-%m-%d}",
        due_at=schedule.next_due_at,
        zone=schedule.zone,
        planned_at=now,
        status=Digest.Status.PLANNED,
    )
    DigestItem.objects.bulk_create(
        DigestItem(
            digest=digest,
            user=schedule.user,
            paper=paper,
            topic=topic,
            position=place,
            score=1.0,
            is_in_mail=True,
        )
        for place, (paper, topic) in enumerate(entries, start=1)
    )
    Delivery.objects.create(
        digest=digest,
        message_id=f"<plain{digest.pk}@papers.example.org>",
        next_attempt_at=now,
        expires_at=now + timedelta(hours=18),
    )
    return digest


def _note_sent(digest: Any) -> None:
    delivery = digest.delivery
    delivery.state, delivery.evidence = delivery.State.ACCEPTED, "250"
    delivery.attempt_count = 1
    delivery.save(update_fields=["state", "evidence", "attempt_count"])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
