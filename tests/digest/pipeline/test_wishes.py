"""Topics in plain words: which papers they keep, with what margin, and why."""

import pytest

from digest.models import Match, Paper, Topic
from digest.pipeline.match import match_papers
from tests.factories import NOW, TODAY, make_paper, make_pick, make_topic

pytestmark = pytest.mark.django_db

OTHER_SUBJECTS = (
    "Sparse attention for long documents",
    "A benchmark of code repair",
    "Protein folding with graphs",
    "Speech recognition in noise",
    "Proofs about random matrices",
)


@pytest.fixture(autouse=True)
def archive() -> None:
    """Papers of other subjects, so that words have a rarity."""
    for number in range(60):
        make_paper(f"{OTHER_SUBJECTS[number % 5]}, part {number}")


def wish(text: str, *, query: str = "") -> Topic:
    return make_topic(query=query, wish=text)


def margin(topic: Topic, paper: Paper) -> float:
    found = Match.objects.filter(topic=topic, paper=paper).first()
    return found.margin if found and found.margin is not None else float("-inf")


def titles(topic: Topic) -> list[str]:
    matches = Match.objects.filter(topic=topic, margin__gte=0).order_by("-margin")
    return [match.paper.title for match in matches.select_related("paper")]


def test_a_wish_finds_its_papers_and_no_fillers() -> None:
    make_paper("Soft robots that climb", abstract="We build climbing soft robots.")
    topic = wish("climbing robots")
    thin = wish("quantum error correction")

    match_papers(now=NOW)

    assert titles(topic) == ["Soft robots that climb"]
    assert not Match.objects.filter(topic=thin).exists()


def test_the_reason_stands_in_the_paper() -> None:
    paper = make_paper("Soft robots that climb", abstract="Climbing robots are soft.")
    topic = wish("climbing robots")

    match_papers(now=NOW)

    evidence = Match.objects.get(topic=topic, paper=paper).evidence
    assert evidence
    for piece in evidence:
        assert piece["text"] in getattr(paper, piece["field"])


def test_the_query_filters_and_the_wish_ranks() -> None:
    make_paper("Climbing robots in vision", categories=["cs.CV"])
    make_paper("Climbing robots in the field", categories=["cs.RO"])
    topic = wish("climbing robots", query="cat:cs.RO")

    match_papers(now=NOW)

    assert titles(topic) == ["Climbing robots in the field"]


def test_a_query_that_cannot_be_read_lets_nothing_through() -> None:
    make_paper("Climbing robots")
    topic = wish("climbing robots", query="robots")
    Topic.objects.filter(pk=topic.pk).update(query="(robots")

    match_papers(now=NOW)

    assert not Match.objects.filter(topic=topic).exists()


def test_matching_again_changes_nothing_and_drops_what_no_longer_fits() -> None:
    paper = make_paper("Climbing robots")
    topic = wish("climbing robots")
    match_papers(now=NOW)
    before = list(Match.objects.values("topic", "paper", "score", "margin"))

    match_papers(now=NOW, paper_ids=[paper.pk])
    assert list(Match.objects.values("topic", "paper", "score", "margin")) == before

    Topic.objects.filter(pk=topic.pk).update(wish="protein folding")
    match_papers(now=NOW, topic_ids=[topic.pk])
    assert "Climbing robots" not in titles(topic)


def test_a_topic_that_is_given_a_query_in_place_of_its_wish_has_no_margins() -> None:
    make_paper("Climbing robots")
    topic = wish("climbing robots")
    match_papers(now=NOW)

    topic.query, topic.wish = "robots", ""
    topic.save()
    match_papers(now=NOW, topic_ids=[topic.pk])

    assert Match.objects.get(topic=topic).margin is None


def test_a_pick_of_a_topic_moves_its_ranking() -> None:
    picked = make_paper(
        "Climbing robots with suction", abstract="Suction cups let robots climb glass."
    )
    topic = wish("climbing robots")
    match_papers(now=NOW)
    later = make_paper(
        "Robots with suction", abstract="Suction cups hold robots on glass walls."
    )
    match_papers(now=NOW, paper_ids=[later.pk])
    before = margin(topic, later)

    make_pick(picked, TODAY)
    match_papers(now=NOW, paper_ids=[later.pk])

    assert margin(topic, later) > before
