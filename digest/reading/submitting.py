"""Readers propose papers, curators accept or decline them.

A proposal is looked up at its source in the background, and whatever comes of that is
shown: it waits for a curator with its details or without. Nothing is taken in before it
is accepted. Proposals of one work are decided together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation

from accounts import services as accounts
from accounts.emails import one_line
from accounts.models import User
from digest import links
from digest.models import Paper, Pick, Submission
from digest.models.submission import CREDIT_LENGTH, WHY_LENGTH
from digest.pipeline.ingest.lookup import (
    UnknownPaperError,
    known_paper,
    look_up,
    take_in_entry,
)
from digest.reading import trust
from digest.sources.entry import SourceBusy, SourceError
from digest.sources.entry_json import read_entry, write_entry
from digest.sources.reference import entry_by_hand, read_reference

State = Submission.State

MOST_TRIES = 5
LEASE = timedelta(minutes=10)
"""After so long another worker tries what one was lost with."""

ERASED = "…"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader sends: the paper as they name it, why, and a name to be shown."""

    reference: str
    why: str
    credit: str = ""


def submit(user: User, wish: Wish, *, now: datetime) -> Submission:
    """Propose a paper; again is the same proposal.

    Raises:
        RefusedError: the account is unconfirmed, too new or proposed too much, or the
            paper is named by no id, DOI or address.
    """
    reference = read_reference(wish.reference)
    if reference is None:
        raise trust.RefusedError("no_reference")
    paper = known_paper(reference.key)
    key = paper.canonical_id if paper else reference.key
    with transaction.atomic():
        # The person's row is the lock: two at once must not pass the limit together.
        person = User.objects.select_for_update().get(pk=user.pk)
        known = Submission.objects.filter(user=person, key=key).first()
        if known:
            return known
        trust.require_trust(person, now)
        _require_room(person, now)
        return Submission.objects.create(
            user=person,
            key=key,
            url=reference.url,
            title=paper.title if paper else "",
            why=_one_line(wish.why, WHY_LENGTH),
            credit=_one_line(wish.credit, CREDIT_LENGTH),
            paper=paper,
            state=State.WAITING if paper else State.LOOKING,
            next_try_at=None if paper else now,
            sent_at=now,
        )


def look_up_one(submission_id: int, *, now: datetime) -> None:
    """Ask for the details of one proposal, and write down what came of it."""
    due = Submission.objects.to_look_up(now).filter(pk=submission_id)
    row = due.first()
    if row is None or not due.update(next_try_at=now + LEASE, tries=row.tries + 1):
        return
    reference = read_reference(row.url)
    try:
        if reference is None:
            raise UnknownPaperError
        kind, entry = look_up(reference, now=now)
    except UnknownPaperError as error:
        _settle(row, state=State.UNKNOWN, problem=str(error)[:500])
    except SourceError as error:
        _put_off(row, error, now)
    else:
        found = write_entry(entry)
        _settle(
            row, state=State.WAITING, title=entry.title, found=found, found_kind=kind
        )


def accept(
    row: Submission, curator: User, *, title: str = "", now: datetime
) -> Paper | None:
    """Take the paper in, and accept every proposal of it; None if one was decided.

    The readers are mailed that it was.

    `title` is what a curator typed for a paper of which nothing could be looked up.
    """
    with transaction.atomic():
        rows = _lock_alike(row)
        if not rows:
            return None
        paper = _paper_of(rows, title or row.title, now)
        for each in rows:
            each.paper, each.title = paper, paper.title
            _decide(each, State.ACCEPTED, curator, now)
            _write_to(each, "accepted", _page_of(paper), now)
    return paper


def credit(row: Submission, made: Pick) -> None:
    """Write down at each accepted proposal of a paper which pick came of it."""
    alike = Submission.objects.filter(key=row.key, state=State.ACCEPTED)
    alike.filter(pick=None).update(pick=made)


def decline(row: Submission, curator: User, reason: str, *, now: datetime) -> int:
    """Decline every proposal of the paper and have the readers mailed why; how many."""
    with transaction.atomic():
        rows = _lock_alike(row)
        for each in rows:
            each.reply = reason
            _decide(each, State.DECLINED, curator, now)
            _write_to(each, "declined", reason, now)
    return len(rows)


def forget(user: User) -> None:
    """Take the person's name out of the notes that credit them."""
    for row in Submission.objects.filter(user=user).exclude(credit=""):
        if row.pick:
            row.pick.note = row.pick.note.replace(row.credit, ERASED)
            row.pick.save(update_fields=["note"])


def _one_line(text: str, length: int) -> str:
    return " ".join(text.replace("\x00", " ").split())[:length]


def _require_room(user: User, now: datetime) -> None:
    most = trust.submissions_per_day(user)
    lately = Submission.objects.filter(user=user, sent_at__gt=now - trust.DAY)
    newest = list(lately.order_by("-sent_at").values_list("sent_at", flat=True)[:most])
    if len(newest) >= most:
        until = newest[-1] + trust.DAY if newest else None
        raise trust.RefusedError("too_many_submissions", until, most)


def _put_off(row: Submission, error: SourceError, now: datetime) -> None:
    """Try again later, longer each time; in the end a curator gets it as it is."""
    if row.tries + 1 >= MOST_TRIES:
        _settle(row, state=State.UNKNOWN, problem=str(error)[:500])
        return
    wait = timedelta(minutes=5 * 3**row.tries)
    if isinstance(error, SourceBusy):
        wait = max(wait, timedelta(seconds=error.retry_after_seconds))
    row.problem, row.next_try_at = str(error)[:500], now + wait
    row.save(update_fields=["problem", "next_try_at"])


def _settle(row: Submission, **fields: object) -> None:
    """Write the outcome of a look-up, unless a curator decided meanwhile."""
    values = {"next_try_at": None, "problem": "", **fields}
    Submission.objects.undecided().filter(pk=row.pk).update(**values)


def _lock_alike(row: Submission) -> list[Submission]:
    """Undecided proposals of the same work, locked, this one among them or none."""
    rows = Submission.objects.select_for_update(of=("self",)).undecided()
    return list(rows.filter(key=row.key).select_related("user").order_by("pk"))


def _paper_of(rows: list[Submission], title: str, now: datetime) -> Paper:
    known = known_paper(rows[0].key)
    if known:
        return known
    for row in rows:
        if row.found:
            return take_in_entry(row.found_kind, read_entry(row.found), now=now)
    reference = read_reference(rows[0].url)
    if reference is None or not title:
        raise ValueError("Nothing is known of the paper, not even a title.")
    return take_in_entry("feed", entry_by_hand(reference, title, now.date()), now=now)


def _decide(row: Submission, state: State, curator: User, now: datetime) -> None:
    row.state, row.decided_at, row.decided_by = state, now, curator
    row.next_try_at = None
    row.save(
        update_fields=[
            "state",
            "decided_at",
            "decided_by",
            "next_try_at",
            "reply",
            "paper",
            "title",
        ]
    )


def _page_of(paper: Paper) -> str:
    """Address of the paper's page; none if a curator hid it."""
    is_shown = Paper.objects.shown().filter(pk=paper.pk).exists()
    return links.absolute(paper.get_absolute_url()) if is_shown else ""


def _write_to(row: Submission, kind: str, text: str, now: datetime) -> None:
    """Queue the mail that says what was decided, in the reader's language."""
    if accounts.is_suppressed(row.user.email, scope="all"):
        return
    with translation.override(row.user.language):
        accounts.queue_notice(
            kind,
            email=row.user.email,
            value=f"{one_line(str(row))}\n{text}",
            now=now,
        )
