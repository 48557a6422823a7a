"""Readers vote for papers: once each, taken back at will, and not by the dozen.

A paper stands for its work: who votes for a duplicate votes for the paper that it was
merged into. Against stuffing, only people vote whose address has been confirmed for a
while, and only so often a day. What is refused is told, and changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from digest.models import Paper, Vote
from digest.pipeline.ingest.papers import in_chunks
from digest.reading import trust


def vote(user: User, paper: Paper, *, now: datetime) -> Vote:
    """Vote for a paper; again is the same vote.

    Raises:
        RefusedError: the account is unconfirmed or too new, or voted too often.
    """
    with transaction.atomic():
        # The person's row is the lock: two at once must not pass the limit together.
        person = User.objects.select_for_update().get(pk=user.pk)
        work = _lock_work(paper)
        known = _votes_for(person, work).filter(paper=work).first()
        if known:
            return known
        trust.require_trust(person, now)
        _require_room(person, now)
        made = Vote.objects.create(user=person, paper=work, made_at=now)
        Vote.objects.recount([work.pk])
    return made


def unvote(user: User, paper: Paper) -> bool:
    """Take a vote back, also one for a duplicate; say whether there was one."""
    with transaction.atomic():
        return _drop(_votes_for(user, _lock_work(paper)))


def has_voted(user: User, paper: Paper) -> bool:
    """Whether the reader's vote is counted at this paper."""
    return Vote.objects.filter(user=user, paper_id=paper.work_id).exists()


def withdraw_all(user: User) -> int:
    """Take back every vote of one person; how many there were."""
    with transaction.atomic():
        votes = Vote.objects.filter(user=user)
        count = votes.count()
        _drop(votes)
    return count


def _require_room(user: User, now: datetime) -> None:
    most = trust.votes_per_day()
    lately = Vote.objects.filter(user=user, made_at__gt=now - trust.DAY)
    newest = list(lately.order_by("-made_at").values_list("made_at", flat=True)[:most])
    if len(newest) >= most:
        until = newest[-1] + trust.DAY if newest else None
        raise trust.RefusedError("too_many_votes", until)


def _lock_work(paper: Paper) -> Paper:
    """The paper that stands for the work, locked, so that no merge runs meanwhile."""
    rows = Paper.objects.select_for_update()
    work = rows.get(pk=paper.work_id)
    return rows.get(pk=work.work_id) if work.merged_into_id else work


def _votes_for(user: User, work: Paper) -> QuerySet[Vote]:
    """The reader's votes for the work and for whatever was merged into it."""
    return Vote.objects.filter(Q(paper=work) | Q(paper__merged_into=work), user=user)


def _drop(votes: QuerySet[Vote]) -> bool:
    rows = list(votes.values_list("pk", "paper_id"))
    for chunk in in_chunks(rows):
        Vote.objects.filter(pk__in=[pk for pk, _paper_id in chunk]).delete()
        Vote.objects.recount([paper_id for _pk, paper_id in chunk])
    return bool(rows)
