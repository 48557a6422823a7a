"""Papers given as examples teach their topic, for matching and for planning alike."""

import pytest

from digest.models import DigestItem, Example, Match, Paper, Strictness, Topic
from digest.pipeline.match import match_papers
from digest.pipeline.match.archive import fit_archive
from digest.pipeline.match.backtest import back_test
from digest.pipeline.plan.opinions import read_opinions
from digest.pipeline.plan.taste import learn_taste
from tests.digest.pipeline.planning import due_reader, plan_for, titles
from tests.digest.pipeline.tastes import fill_archive, legged, suction
from tests.factories import (
    NOW,
    hide_paper,
    make_example,
    make_mark,
    make_topic,
)

pytestmark = pytest.mark.django_db

WISH = "robots"


@pytest.fixture
def example() -> Paper:
    """A paper of suction, among papers of suction and of legs."""
    fill_archive()
    for number in range(3):
        legged(f"Robots with legs, part {number}")
    suction("Robots with suction")
    paper = suction("Climbing glass by suction")
    fit_archive(now=NOW)
    return paper


def lead(topic: Topic) -> float:
    """How far the paper of suction stands above those of legs."""
    scores = dict(topic.matches.values_list("paper__title", "score"))
    return float(scores["Robots with suction"] - scores["Robots with legs, part 0"])


def test_an_example_moves_its_like_up_and_is_the_reason(example: Paper) -> None:
    topic = make_topic(query="", wish=WISH)
    make_example(topic, example)
    plain = make_topic("plain", query="", wish=WISH)

    match_papers(now=NOW)

    best = topic.matches.best_first()[0]
    assert best.paper.title == "Robots with suction"
    assert lead(topic) > lead(plain)
    assert ("Climbing glass by suction", "example") in {
        (piece["text"], piece["field"]) for piece in best.evidence
    }
    assert not topic.matches.filter(paper=example).exists()


def test_a_trial_with_examples_answers_what_matching_writes(example: Paper) -> None:
    topic = make_topic(query="", wish=WISH)
    make_example(topic, example)
    match_papers(now=NOW)

    tried = back_test("", WISH, now=NOW, liked=[example], strictness=Strictness.MOST)

    written = dict(topic.matches.values_list("paper_id", "score"))
    assert {one.paper.pk: one.score for one in tried.papers} == pytest.approx(written)
    evidence = dict(topic.matches.values_list("paper_id", "evidence"))
    for one in tried.papers:
        assert [p["text"] for p in one.evidence_rows] == [
            p["text"] for p in evidence[one.paper.pk]
        ]


def test_the_first_digest_follows_the_example(example: Paper) -> None:
    topic = make_topic(query="", wish=WISH)
    make_example(topic, example)
    match_papers(now=NOW)
    reader = due_reader(topic)

    plan_for(reader)

    assert titles(reader)[0] == "Robots with suction"
    evidence = DigestItem.objects.get(
        user=reader, paper__title="Robots with suction"
    ).evidence
    assert "example" in {piece["field"] for piece in evidence}


def test_what_a_reader_likes_is_learned_beside_the_examples(example: Paper) -> None:
    topic = make_topic(query="", wish=WISH)
    make_example(topic, example)
    match_papers(now=NOW)
    reader = due_reader(topic)
    liked = Paper.objects.get(title="Robots with legs, part 0")
    make_mark(reader, liked, topic=topic)

    opinions = read_opinions(reader.pk, {topic.pk}, has_marks=True, has_mutes=False)
    taste = learn_taste(opinions, [topic])

    assert taste is not None
    assert list(taste.topics[topic.pk].liked) == [liked, example]


def test_an_example_that_the_reader_refuses_teaches_no_more(example: Paper) -> None:
    topic = make_topic(query="", wish=WISH)
    make_example(topic, example)
    match_papers(now=NOW)
    reader = due_reader(topic)
    liked = Paper.objects.get(title="Robots with legs, part 0")
    make_mark(reader, liked, topic=topic)
    make_mark(reader, example, "less", topic=topic)

    opinions = read_opinions(reader.pk, {topic.pk}, has_marks=True, has_mutes=False)
    taste = learn_taste(opinions, [topic])

    assert taste is not None
    assert list(taste.topics[topic.pk].liked) == [liked]
    assert list(taste.topics[topic.pk].disliked) == [example]


def test_a_hidden_example_teaches_nothing(example: Paper) -> None:
    topic = make_topic(query="", wish=WISH)
    make_example(topic, example)
    plain = make_topic("plain", query="", wish=WISH)
    hide_paper(example)

    match_papers(now=NOW)

    scores = [
        dict(Match.objects.filter(topic=one).values_list("paper_id", "score"))
        for one in (topic, plain)
    ]
    assert scores[0] == pytest.approx(scores[1])
    assert Example.objects.count() == 1
