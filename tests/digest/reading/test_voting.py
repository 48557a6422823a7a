"""One vote a person and work; refused with a reason, counted whatever happens."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from accounts import services as accounts
from accounts.models import User
from digest import privacy
from digest.models import Merge, Paper, Vote
from digest.pipeline.merges import merge_papers, undo_merge
from digest.reading import trust, voting
from tests.digest.pipeline.sending import Rival
from tests.factories import NOW, make_paper, make_reader

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=2)


@pytest.fixture
def reader() -> User:
    return make_reader("ada@example.org")


@pytest.fixture
def paper() -> Paper:
    return make_paper("Preprint")


@pytest.fixture
def journal() -> Paper:
    return make_paper("In a journal", arxiv_id="", canonical_id="doi:10.1/a")


def count(paper: Paper) -> int:
    """What the paper says of its votes now."""
    paper.refresh_from_db()
    return paper.reader_votes


def test_a_vote_counts_once_and_is_taken_back(reader: User, paper: Paper) -> None:
    voting.vote(reader, paper, now=LATER)
    voting.vote(reader, paper, now=LATER + timedelta(days=1))
    voting.vote(make_reader(), paper, now=LATER)

    assert count(paper) == 2
    assert Vote.objects.get(user=reader).made_at == LATER
    assert voting.has_voted(reader, paper)
    assert voting.unvote(reader, paper)
    assert not voting.unvote(reader, paper)
    assert count(paper) == 1
    assert not voting.has_voted(reader, paper)


def test_a_new_account_is_refused_until_it_is_a_day_old(
    reader: User, paper: Paper
) -> None:
    with pytest.raises(trust.RefusedError) as refused:
        voting.vote(reader, paper, now=NOW + timedelta(hours=23))

    assert (refused.value.code, refused.value.until) == (
        "too_new",
        NOW + timedelta(days=1),
    )
    assert count(paper) == 0
    voting.vote(reader, paper, now=NOW + timedelta(hours=24))
    assert count(paper) == 1


def test_an_unconfirmed_account_is_refused_unless_it_is_staff(paper: Paper) -> None:
    stranger = User.objects.create_user("new@example.org", date_joined=NOW)
    curator = User.objects.create_user(
        "desk@example.org", is_staff=True, date_joined=NOW
    )

    with pytest.raises(trust.RefusedError, match="unconfirmed"):
        voting.vote(stranger, paper, now=LATER)
    voting.vote(curator, paper, now=LATER)

    assert count(paper) == 1


def test_only_so_many_votes_a_day(reader: User, paper: Paper, settings: Any) -> None:
    settings.DIGEST_VOTES_PER_DAY = 2
    voting.vote(reader, make_paper(), now=LATER)
    voting.vote(reader, make_paper(), now=LATER + timedelta(hours=1))

    with pytest.raises(trust.RefusedError) as refused:
        voting.vote(reader, paper, now=LATER + timedelta(hours=2))

    assert (refused.value.code, refused.value.until) == (
        "too_many_votes",
        LATER + timedelta(days=1),
    )
    voting.vote(reader, paper, now=LATER + timedelta(days=1))
    assert count(paper) == 1


def test_votes_go_along_with_a_merge_and_come_back(
    reader: User, paper: Paper, journal: Paper
) -> None:
    other = make_reader()
    voting.vote(reader, paper, now=LATER)
    voting.vote(reader, journal, now=LATER)
    voting.vote(other, journal, now=LATER)

    made = merge_papers(paper.pk, journal.pk, now=LATER)
    assert (count(paper), count(journal)) == (2, 1)
    late = make_reader()
    voting.vote(late, journal, now=LATER)
    assert count(paper) == 3

    undo_merge(made.pk, user=reader, now=LATER)
    assert (count(paper), count(journal)) == (2, 2)
    assert voting.has_voted(late, paper)


def test_what_is_taken_back_while_papers_are_merged_stays_away(
    reader: User, paper: Paper, journal: Paper
) -> None:
    voting.vote(reader, paper, now=LATER)
    voting.vote(reader, journal, now=LATER)
    merge_papers(paper.pk, journal.pk, now=LATER)
    journal.refresh_from_db()

    assert voting.unvote(reader, journal)
    undo_merge(Merge.objects.get().pk, user=reader, now=LATER)

    assert (count(paper), count(journal)) == (0, 0)


def test_votes_are_handed_out_and_go_with_the_person(
    reader: User, paper: Paper
) -> None:
    voting.vote(reader, paper, now=LATER)
    voting.vote(make_reader(), paper, now=LATER)

    (vote,) = privacy.export_reader(reader)["votes"]
    assert (vote["paper"], vote["made_at"]) == (paper.canonical_id, LATER)

    accounts.erase_user(reader, LATER)
    assert count(paper) == 1


@pytest.mark.django_db(transaction=True)
def test_two_votes_at_once_do_not_pass_the_limit_together(
    reader: User, settings: Any
) -> None:
    settings.DIGEST_VOTES_PER_DAY = 1

    def press(paper: Paper) -> str:
        try:
            voting.vote(reader, paper, now=LATER)
        except trust.RefusedError as error:
            return error.code
        return ""

    rivals = [Rival(partial(press, make_paper())) for _ in range(3)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()

    outcomes = sorted(rival.outcome for rival in rivals)
    assert outcomes == ["", "too_many_votes", "too_many_votes"]
    assert Vote.objects.count() == 1
