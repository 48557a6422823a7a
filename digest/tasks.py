"""Celery entry points. A task reads the clock, calls one stage, fans out ids."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from accounts import tasks as accounts_tasks
from accounts.models import User
from digest.curating import previewing
from digest.pipeline import (
    deliver,
    embed,
    forget,
    ingest,
    match,
    plan,
    reconcile,
    render,
    watch,
)
from digest.pipeline.match import search
from digest.pipeline.plan import waiting
from digest.reading import submitting

logger = logging.getLogger(__name__)

PLANNED_TOGETHER = {"postgresql": 500, "sqlite": 100}
"""Readers whose digests one transaction plans: on SQLite others wait for it."""


def wake(task: Any, row_id: int) -> None:
    """Have a task look at a row once it is committed.

    A broker that is away costs a minute, not the page: the sweep finds the row.
    """
    transaction.on_commit(partial(task.delay, row_id), robust=True)


def fan_out(task: Any, delivery_ids: Sequence[int]) -> None:
    """Have a task look at deliveries, as many at a time as one hand-off covers."""
    size = settings.DIGEST_HANDOFF_SIZE
    for start in range(0, len(delivery_ids), size):
        task.delay(delivery_ids[start : start + size])


@shared_task(name="digest.sweep")
def sweep_in_turn() -> None:
    """Beat, at an interval. Also the safety net for any wake-up that got lost.

    Behind a long queue sweeps pile up. The first of them does the work of all: the
    others would name once more whatever waits, and bury what comes after it.
    """
    within = timedelta(seconds=settings.DIGEST_SWEEP_SECONDS / 2)
    if not reconcile.was_swept(within, now=timezone.now()):
        sweep()


def sweep() -> None:
    """Put right what was lost, and have all that is due done."""
    work = reconcile.find_work(now=timezone.now())
    accounts_tasks.sweep.delay()
    fan_out(send, work.delivery_ids)
    fan_out(ask_again, work.doubtful_ids)
    together = PLANNED_TOGETHER[connection.vendor]
    for start in range(0, len(work.schedule_ids), together):
        plan_some.delay(work.schedule_ids[start : start + together])
    for task, row_ids in (
        (match_topic, work.topic_ids),
        (look_up_submission, work.submission_ids),
        (ingest_source, work.source_ids),
    ):
        for row_id in row_ids:
            task.delay(row_id)
    if work.paper_ids:
        match_papers.delay(work.paper_ids)
    if work.has_papers_to_embed:
        embed_waiting.delay()
    if work.has_papers_to_index:
        index_papers.delay()
    watch_sources.delay()
    if forget.take_turn(now=timezone.now()):
        forget_old.delay()


@shared_task(name="digest.forget_old")
def forget_old() -> None:
    """Forget some of what was kept long enough, and go on until nothing is left."""
    if not forget.forget(now=timezone.now()).is_done:
        forget_old.delay()


@shared_task(name="digest.watch_sources")
def watch_sources() -> None:
    """Have operators told which sources are late, and which no longer are."""
    if watch.watch_sources(now=timezone.now()):
        accounts_tasks.wake()


@shared_task(name="digest.ingest_source")
def ingest_source(source_id: int) -> None:
    """Take one source in, match what is new, and go on to the next source."""
    result = ingest.ingest_source(source_id, now=timezone.now())
    if result.paper_ids:
        embed.embed_papers(
            now=timezone.now(), paper_ids=result.paper_ids, limit=embed.AT_ONCE
        )
        match.match_papers(now=timezone.now(), paper_ids=result.paper_ids)
        search.index_papers(paper_ids=result.paper_ids)
    waiting.release_held()
    for next_id in reconcile.next_source(now=timezone.now()):
        ingest_source.delay(next_id)


@shared_task(name="digest.embed_waiting")
def embed_waiting() -> None:
    """Embed a batch of papers that lack it, and go on until none is left.

    After a change of the model that is every paper there is.
    """
    if not embed.take_turn(now=timezone.now()):
        return
    try:
        done = embed.embed_papers(now=timezone.now())
        if not done:
            embed.drop_superseded()
    finally:
        embed.end_turn(now=timezone.now())
    if done:
        match.match_papers(now=timezone.now(), paper_ids=done)
        embed_waiting.delay()


@shared_task(name="digest.index_papers")
def index_papers() -> None:
    """Put papers into the full-text index that it lacks; the sweep asks for more."""
    search.index_papers()


@shared_task(name="digest.match_topic")
def match_topic(topic_id: int) -> None:
    """Match a new or edited topic with the papers of the last days."""
    match.match_papers(now=timezone.now(), topic_ids=[topic_id])


@shared_task(name="digest.match_papers")
def match_papers(paper_ids: list[int]) -> None:
    """Match papers that a lost worker left without."""
    match.match_papers(now=timezone.now(), paper_ids=paper_ids)


@shared_task(name="digest.look_up_submission")
def look_up_submission(submission_id: int) -> None:
    """Ask for the details of a paper that a reader proposed."""
    submitting.look_up_one(submission_id, now=timezone.now())


@shared_task(name="digest.plan_some")
def plan_some(schedule_ids: list[int]) -> None:
    """Plan the due digests of some readers, and have them sent."""
    fan_out(send, plan.plan_digests(schedule_ids, now=timezone.now()))


@shared_task(name="digest.send_one")
def send_one(delivery_id: int) -> None:
    """Send a delivery that somebody waits for."""
    send([delivery_id])


@shared_task(name="digest.send")
def send(delivery_ids: list[int]) -> None:
    """Render deliveries where that is still to do, and send them together.

    Those that must wait for their turn are looked at again then; a turn that is far
    off, or a message that got lost, is the sweep's.
    """
    render.render_deliveries(delivery_ids, now=timezone.now())
    turns = deliver.take_turns(delivery_ids, now=timezone.now())
    deliver.deliver(turns.ready, now=timezone.now())
    for seconds, later in turns.later.items():
        if seconds < settings.DIGEST_SWEEP_SECONDS:
            send.apply_async((later,), countdown=seconds)


@shared_task(name="digest.ask_again")
def ask_again(delivery_ids: list[int]) -> None:
    """Hand mails in doubt over again, to a provider that remembers them."""
    deliver.ask_again(delivery_ids, now=timezone.now())


@shared_task(name="digest.send_sample")
def send_sample(whose: str, row_id: int, user_id: int) -> None:
    """Send a test of a reader's or a topic's next digest to the one who asked."""
    to = User.objects.get(pk=user_id)
    mail = previewing.make_sample(whose, row_id, to, now=timezone.now())
    if mail is not None:
        verdict = deliver.send_sample(mail)
        logger.info("A test mail: %s", verdict.outcome)
