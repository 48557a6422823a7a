"""A topic that asks for votes counts those of the source and of the readers here."""

from datetime import timedelta

import pytest

from digest.models import Match
from digest.pipeline.match import match_papers, waiting_papers
from digest.reading import voting
from tests.factories import NOW, make_paper, make_reader, make_topic

pytestmark = pytest.mark.django_db

VOTED_AT = NOW + timedelta(days=2)
LATER = NOW + timedelta(days=2, minutes=1)


def test_a_vote_brings_a_paper_to_a_topic_that_asks_for_votes() -> None:
    make_topic("loved", query="robots votes:4")
    paper = make_paper("Robots", upvotes=3)
    match_papers(now=NOW)
    assert not Match.objects.exists()
    assert waiting_papers(now=VOTED_AT) == ()

    voting.vote(make_reader(), paper, now=VOTED_AT)

    assert waiting_papers(now=LATER) == (paper.pk,)
    match_papers(now=LATER, paper_ids=[paper.pk])
    match = Match.objects.get()
    assert match.evidence[-1]["text"] == "4"
    assert waiting_papers(now=LATER) == ()


def test_a_vote_during_matching_is_not_forgotten() -> None:
    paper = make_paper("Robots")
    voting.vote(make_reader(), paper, now=VOTED_AT)

    match_papers(now=VOTED_AT - timedelta(seconds=1))

    assert waiting_papers(now=LATER) == (paper.pk,)


def test_a_vote_that_is_taken_back_counts_when_the_paper_is_matched_again() -> None:
    make_topic("loved", query="robots votes:1")
    reader, paper = make_reader(), make_paper("Robots")
    voting.vote(reader, paper, now=VOTED_AT)
    match_papers(now=LATER)
    assert Match.objects.exists()

    voting.unvote(reader, paper)
    match_papers(now=LATER)

    assert not Match.objects.exists()
