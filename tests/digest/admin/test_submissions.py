"""The queue at the desk: one line a work, decided with words, by those who may."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import Notice, User
from digest.models import Paper, Pick, Submission, Vote
from digest.reading import voting
from tests.digest.admin.desk import address, answer, press, sit_down, sit_down_with
from tests.factories import NOW, TODAY, hide_paper, make_paper, make_reader

pytestmark = pytest.mark.django_db

LOOK = ("view_submission", "view_paper")


@pytest.fixture
def paper() -> Paper:
    return make_paper("Robots that learn")


@pytest.fixture
def row(paper: Paper) -> Submission:
    return propose(make_reader("ada@example.org"), paper, credit="Ada")


def propose(user: User, paper: Paper, **fields: str) -> Submission:
    """The reader's proposal of a paper that is here."""
    return Submission.objects.create(
        **{
            "user": user,
            "key": paper.canonical_id,
            "url": paper.url,
            "title": paper.title,
            "paper": paper,
            "why": "Read <b>it</b>.",
            "state": "waiting",
            "sent_at": NOW,
            **fields,
        }
    )


def test_the_queue_has_each_work_once_and_masks_readers(
    row: Submission, paper: Paper
) -> None:
    propose(make_reader("ben@example.org"), paper, why="Me too.")
    desk = sit_down()

    page = desk.get(address(Submission)).content.decode()

    assert "Read &lt;b&gt;it&lt;/b&gt;." in page
    assert "Me too." not in page
    assert '<td class="field-proposals">2</td>' in page
    assert "ada@example.org" not in page


def test_accepting_offers_the_readers_words_and_picks(row: Submission) -> None:
    desk = sit_down()

    asked = press(desk, "accept", row).content.decode()
    assert "Read &lt;b&gt;it&lt;/b&gt;. (proposed by Ada)" in asked
    assert not Pick.objects.exists()

    answer(
        desk,
        "accept",
        row,
        picked_on=TODAY.isoformat(),
        **{f"note_{row.pk}": "Read it. (proposed by Ada)"},
    )

    pick = Pick.objects.get()
    assert (pick.paper, pick.note, pick.picked_on) == (
        row.paper,
        "Read it. (proposed by Ada)",
        TODAY,
    )
    row.refresh_from_db()
    assert (row.state, row.pick) == ("accepted", pick)
    said = " ".join(entry.change_message for entry in LogEntry.objects.all())
    assert "Accepted and picked for" in said


def test_without_a_day_it_is_taken_in_alone(row: Submission) -> None:
    answer(sit_down(), "accept", row, picked_on="", **{f"note_{row.pk}": ""})

    row.refresh_from_db()
    assert row.state == "accepted"
    assert not Pick.objects.exists()


def test_a_hidden_paper_is_not_picked(row: Submission, paper: Paper) -> None:
    hide_paper(paper)

    page = answer(
        sit_down(), "accept", row, picked_on=TODAY.isoformat(), **{f"note_{row.pk}": ""}
    ).content.decode()

    assert "is hidden: it was accepted, and not picked." in page
    assert not Pick.objects.exists()


def test_an_unknown_paper_needs_a_title(row: Submission) -> None:
    Submission.objects.update(
        paper=None, state="unknown", title="", key="guid:1", url="https://example.org/a"
    )
    desk = sit_down()
    row.refresh_from_db()

    answer(desk, "accept", row, picked_on="", **{f"title_{row.pk}": ""})
    row.refresh_from_db()
    assert row.state == "unknown"

    answer(desk, "accept", row, picked_on="", **{f"title_{row.pk}": "Typed by hand"})
    row.refresh_from_db()
    assert row.paper is not None
    assert row.paper.title == "Typed by hand"


def test_declining_asks_for_a_reason_and_mails_it(row: Submission) -> None:
    desk = sit_down()
    answer(desk, "decline", row, reason="")
    row.refresh_from_db()
    assert row.state == "waiting"

    answer(desk, "decline", row, reason="We had it.")

    row.refresh_from_db()
    assert (row.state, row.reply) == ("declined", "We had it.")
    notice = Notice.objects.get()
    assert notice.email == "ada@example.org"
    assert notice.value == "Robots that learn\nWe had it."
    assert LogEntry.objects.get().change_message == "Declined: We had it."
    page = press(desk, "decline", row).content.decode()
    assert "These are decided already." in page


def test_only_those_who_may_decide(row: Submission) -> None:
    helper = sit_down_with(*LOOK)
    for action, said in (("accept", {}), ("decline", {"reason": "No."})):
        answer(helper, action, row, **said)
    row.refresh_from_db()
    assert row.state == "waiting"


def test_who_may_not_pick_takes_in_alone(row: Submission) -> None:
    helper = sit_down_with(*LOOK, "change_submission")

    asked = press(helper, "accept", row).content.decode()
    assert "picked_on" not in asked

    answer(helper, "accept", row, picked_on=TODAY.isoformat())
    row.refresh_from_db()
    assert row.state == "accepted"
    assert not Pick.objects.exists()


def test_a_proposal_is_read_and_never_edited(row: Submission) -> None:
    desk: Client = sit_down()
    path = address(Submission, "change", row.pk)

    assert "Read &lt;b&gt;it&lt;/b&gt;." in desk.get(path).content.decode()
    assert desk.post(path, {"why": "Other words"}).status_code == 403
    assert desk.get(address(Submission, "add")).status_code == 403


def test_votes_of_one_who_stuffs_are_taken_back_and_noted(paper: Paper) -> None:
    stuffer = make_reader("sock@example.org")
    User.objects.update(confirmed_at=NOW.replace(year=2025))
    for voted in (paper, make_paper()):
        voting.vote(stuffer, voted, now=NOW)
    voting.vote(make_reader(), paper, now=NOW.replace(month=12))
    desk = sit_down()

    press(desk, "withdraw", Vote.objects.filter(user=stuffer)[0])

    assert Vote.objects.count() == 1
    paper.refresh_from_db()
    assert paper.reader_votes == 1
    assert "2 votes taken back." in LogEntry.objects.get().change_message
