"""A topic that is being typed: the answer is what matching would have written."""

from itertools import pairwise

import pytest

from digest import matching
from digest.models import Match, Paper, Strictness
from digest.pipeline.match import backtest, match_papers
from digest.pipeline.match.backtest import Change, back_test
from digest.pipeline.render.volume import sentence
from tests.factories import NOW, hide_paper, make_paper, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def archive() -> None:
    """Each test's database has papers of its own."""
    for number in range(40):
        make_paper(f"Proofs about random matrices, part {number}")
    make_paper("Soft robots that climb", abstract="We build climbing soft robots.")
    make_paper("Deep learning of robots", abstract="Robots learn deeply.")


@pytest.mark.parametrize(
    ("query", "wish"),
    [
        ("robots", ""),
        ("title:robots -soft", ""),
        ('"climbing soft robots"', ""),
        ("abstract:robots", ""),
        ("", "climbing robots"),
        ("soft", "climbing robots"),
    ],
)
def test_it_answers_what_matching_writes(query: str, wish: str) -> None:
    topic = make_topic(query=query, wish=wish)
    match_papers(now=NOW, topic_ids=[topic.pk])

    tried = back_test(query, wish, now=NOW, strictness=Strictness.MOST)

    written = Match.objects.filter(topic=topic).values_list("paper_id", "score")
    assert {one.paper.pk: one.score for one in tried.papers} == pytest.approx(
        dict(written)
    )
    assert tried.count == len(written) > 0
    assert tried.per_week == len(written) / 2


def test_the_slider_shows_what_is_gained_and_lost() -> None:
    tried = back_test("", "climbing robots", now=NOW)

    counts = [tried.counts[level] for level in Strictness]
    assert counts == sorted(counts, reverse=True)
    assert tried.count == tried.counts[Strictness.USUAL]


def titles(change: Change | None) -> set[str]:
    assert change is not None
    assert change.count == len(change.papers)
    return {paper.title for paper in change.papers}


def test_it_names_what_the_settings_beside_add_and_take_away() -> None:
    make_paper("Robots that climb glass walls", abstract="Walls of glass.")
    make_paper("Robots in gardens", abstract="They climb on hedges that grow there.")
    make_paper("Soft walls", abstract="Foam in houses, with no robots.")
    found = {
        level: back_test("", "soft climbing robots", now=NOW, strictness=level)
        for level in Strictness
    }

    sent = {
        level: {one.paper.title for one in tried.papers}
        for level, tried in found.items()
    }
    for looser, stricter in pairwise(Strictness):
        assert titles(found[stricter].gained) == sent[looser] - sent[stricter]
        assert titles(found[looser].lost) == sent[looser] - sent[stricter]
    assert sent[Strictness.MOST] > sent[Strictness.USUAL] > sent[Strictness.FEWEST]
    assert found[Strictness.MOST].gained is found[Strictness.FEWEST].lost is None


def test_a_query_alone_has_no_settings() -> None:
    tried = back_test("robots", "", now=NOW)

    assert tried.gained is tried.lost is None


def test_an_example_alone_finds_its_like() -> None:
    example = make_paper(
        "Robots on walls", abstract="Climbing robots, soft robots, robots that climb."
    )

    tried = back_test("", "", now=NOW, liked=[example], strictness=Strictness.MOST)

    assert "Soft robots that climb" in [one.paper.title for one in tried.papers]


def test_a_new_paper_counts_at_once_and_a_hidden_one_does_not() -> None:
    assert back_test("climbing", "", now=NOW).count == 1
    hide_paper(make_paper("Climbing plants"))
    make_paper("Climbing walls")

    assert back_test("climbing", "", now=NOW).count == 2


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(matching.QueryError):
        back_test("(robots", "", now=NOW)


PHRASE = '"proofs about random"'
"""Of three words: its pairs are keys, it is none."""


@pytest.mark.parametrize("wish", ["", "random matrices"])
def test_a_query_that_keys_do_not_decide_is_asked_of_some_papers_and_the_rest_estimated(
    wish: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = back_test(PHRASE, wish, now=NOW, strictness=Strictness.MOST)
    assert (everything.count, everything.is_estimate) == (40, False)
    monkeypatch.setattr(backtest, "MOST_ASKED", 10)

    some = back_test(PHRASE, wish, now=NOW, strictness=Strictness.MOST)

    assert (some.count, some.is_estimate) == (40, True)
    assert len(some.papers) == 10
    assert {one.paper.pk for one in some.papers} <= {
        paper.pk for paper in Paper.objects.filter(title__startswith="Proofs")
    }
    assert sentence(some).startswith("About 40 papers in the last 14 days, ")
    decided = back_test("proofs", wish, now=NOW, strictness=Strictness.MOST)
    assert (decided.count, decided.is_estimate) == (40, False)
