"""A proposal is looked up, waits, and is decided once; nothing of it is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from accounts import services as accounts
from accounts.models import Notice, Suppression, User
from digest import curating, privacy, tasks
from digest.models import Paper, Pick, Submission
from digest.pipeline import reconcile
from digest.reading import submitting, trust
from digest.reading.submitting import Wish
from tests.digest.sources.servers import Answer, FeedServer, serving
from tests.digest.sources.test_arxiv_api import answer
from tests.factories import NOW, TODAY, hide_paper, make_paper, make_reader

pytestmark = pytest.mark.django_db

Reason, Scope = Suppression.Reason, Suppression.Scope

LATER = NOW + timedelta(days=2)
ARXIV = "2604.15332"
WISH = Wish(f"https://arxiv.org/abs/{ARXIV}v2", "It  settles\nan <b>old</b> question.")
PATH = f"/api?id_list={ARXIV}&max_results=100"


@pytest.fixture
def reader() -> User:
    return make_reader("ada@example.org")


@pytest.fixture
def curator() -> User:
    return User.objects.create_user("curator@example.org", is_staff=True)


@pytest.fixture
def submission(reader: User) -> Submission:
    return submitting.submit(reader, WISH, now=LATER)


def look_up(row: Submission, settings: Any, *answers: Answer) -> FeedServer:
    """Look the paper up at an arXiv that gives these answers, one a try."""
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True
    settings.DIGEST_ARXIV_INTERVAL_SECONDS = 0
    left = list(answers)
    say: Callable[[], Answer] = lambda: left.pop(0)  # noqa: E731
    with serving({PATH: say}) as server:
        settings.DIGEST_ARXIV_API_URL = f"{server.url}/api"
        for _answer in answers:
            row.refresh_from_db()
            at = row.next_try_at or LATER
            submitting.look_up_one(row.pk, now=at)
    row.refresh_from_db()
    return server


def found(*ids: str) -> Answer:
    return 200, {"Content-Type": "application/atom+xml"}, answer(*ids, total=len(ids))


BROKEN: Answer = (500, {}, b"")


def test_it_is_looked_up_and_taken_in_only_when_accepted(
    submission: Submission, curator: User, settings: Any
) -> None:
    assert (submission.state, submission.why) == (
        "looking",
        "It settles an <b>old</b> question.",
    )
    assert reconcile.find_work(now=LATER).submission_ids == (submission.pk,)

    server = look_up(submission, settings, found(f"{ARXIV}v2"))

    assert len(server.asked) == 1
    assert submission.state == "waiting"
    assert submission.title == "Old paper with $a<b$"
    assert not Paper.objects.exists()
    assert reconcile.find_work(now=LATER).submission_ids == ()

    paper = submitting.accept(submission, curator, now=LATER)
    assert paper is not None
    assert (paper.arxiv_id, paper.version) == (ARXIV, 2)
    assert Paper.objects.shown().get() == paper
    seat = curating.Seat(curator, TODAY, LATER)
    submitting.credit(submission, curating.pick(seat, paper.pk, submission.why))

    submission.refresh_from_db()
    assert (submission.state, submission.paper) == ("accepted", paper)
    assert submission.decided_by == curator
    assert Pick.objects.get() == submission.pick
    assert submitting.accept(submission, curator, now=LATER) is None


def test_a_source_that_is_away_is_asked_again_and_then_a_curator_sees_why(
    submission: Submission, settings: Any
) -> None:
    look_up(submission, settings, BROKEN)
    assert submission.state == "looking"
    assert "500" in submission.problem
    assert submission.next_try_at == LATER + timedelta(minutes=5)

    look_up(submission, settings, *[BROKEN] * (submitting.MOST_TRIES - 1))
    assert submission.state == "unknown"
    assert "500" in submission.problem
    assert submission.next_try_at is None


def test_a_paper_that_arxiv_does_not_know_is_said_to_be_unknown(
    submission: Submission, settings: Any
) -> None:
    look_up(submission, settings, found())

    assert submission.state == "unknown"
    assert submission.problem == "Its archive knows no such paper."


def test_what_is_on_no_archive_is_accepted_under_a_title_typed_by_hand(
    reader: User, curator: User
) -> None:
    row = submitting.submit(reader, Wish("https://example.org/p.pdf", "W"), now=LATER)
    tasks.look_up_submission(row.pk)
    submitting.look_up_one(row.pk, now=LATER)
    row.refresh_from_db()
    assert row.state == "unknown"

    paper = submitting.accept(row, curator, title="A paper of ours", now=LATER)

    assert paper is not None
    assert (paper.title, paper.url) == ("A paper of ours", "https://example.org/p.pdf")
    assert paper.announced_on == LATER.date()


def test_a_known_paper_needs_no_look_up_and_a_merged_one_is_its_work(
    reader: User, curator: User
) -> None:
    kept = make_paper("Kept")
    make_paper("Merged", canonical_id=f"arxiv:{ARXIV}", merged_into=kept)

    row = submitting.submit(reader, WISH, now=LATER)

    assert (row.state, row.paper, row.key) == ("waiting", kept, kept.canonical_id)
    assert submitting.accept(row, curator, now=LATER) == kept
    assert Paper.objects.count() == 2


def test_the_same_paper_again_is_the_same_proposal(
    reader: User, submission: Submission
) -> None:
    again = submitting.submit(reader, Wish(ARXIV, "Other words"), now=LATER)
    other = submitting.submit(make_reader(), Wish(ARXIV, "Mine"), now=LATER)

    assert again == submission
    assert other.key == submission.key
    assert list(Submission.objects.first_of_each_work()) == [submission]


def test_all_who_proposed_it_are_answered_together(
    submission: Submission, curator: User
) -> None:
    other = submitting.submit(make_reader("ben@example.org"), WISH, now=LATER)
    accounts.suppress("ben@example.org", Reason.COMPLAINT, Scope.ALL, LATER)

    assert submitting.decline(submission, curator, "We had it.", now=LATER) == 2
    assert submitting.decline(other, curator, "Again.", now=LATER) == 0

    other.refresh_from_db()
    assert (other.state, other.reply) == ("declined", "We had it.")
    notice = Notice.objects.get()
    accounts.send_notice(notice.pk, LATER)
    [sent] = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert "We had it." in sent.body
    assert f"https://arxiv.org/abs/{ARXIV}" in sent.body


def test_an_acceptance_is_mailed_with_the_page_of_the_paper(
    reader: User, curator: User
) -> None:
    paper = make_paper("Kept", arxiv_id=ARXIV, canonical_id=f"arxiv:{ARXIV}")
    row = submitting.submit(reader, WISH, now=LATER)

    submitting.accept(row, curator, now=LATER)

    notice = Notice.objects.get()
    accounts.send_notice(notice.pk, LATER)
    [sent] = mail.outbox
    assert sent.to == ["ada@example.org"]
    assert "accepted" in sent.subject
    assert "Kept" in sent.body
    assert f"https://papers.example.org{paper.get_absolute_url()}" in sent.body


def test_an_acceptance_leads_to_no_page_that_there_is_not(
    reader: User, curator: User
) -> None:
    hide_paper(make_paper("Kept", arxiv_id=ARXIV, canonical_id=f"arxiv:{ARXIV}"))
    row = submitting.submit(reader, WISH, now=LATER)

    submitting.accept(row, curator, now=LATER)

    accounts.send_notice(Notice.objects.get().pk, LATER)
    assert "/paper/" not in mail.outbox[0].body


def test_new_accounts_and_eager_ones_are_refused(reader: User, settings: Any) -> None:
    settings.DIGEST_SUBMISSIONS_PER_DAY = 1
    with pytest.raises(trust.RefusedError, match="too_new"):
        submitting.submit(reader, WISH, now=NOW)
    with pytest.raises(trust.RefusedError, match="no_reference"):
        submitting.submit(reader, Wish("a title", "W"), now=LATER)
    submitting.submit(reader, WISH, now=LATER)
    with pytest.raises(trust.RefusedError) as refused:
        submitting.submit(reader, Wish("2604.00002", "W"), now=LATER)

    assert refused.value.code == "too_many_submissions"
    assert refused.value.until == LATER + timedelta(days=1)


def test_it_is_handed_out_and_erased_with_the_name_in_the_note(
    reader: User, curator: User
) -> None:
    paper = make_paper()
    wish = Wish(paper.arxiv_id, "Read it.", "Ada Unusual")
    row = submitting.submit(reader, wish, now=LATER)
    submitting.accept(row, curator, now=LATER)
    note = "Read it. (proposed by Ada Unusual)"
    seat = curating.Seat(curator, TODAY, LATER)
    submitting.credit(row, curating.pick(seat, paper.pk, note))

    (told,) = privacy.export_reader(reader)["submissions"]
    assert (told["why"], told["credit"]) == ("Read it.", "Ada Unusual")

    accounts.erase_user(reader, LATER)
    assert not Submission.objects.exists()
    assert Pick.objects.get().note == "Read it. (proposed by …)"
