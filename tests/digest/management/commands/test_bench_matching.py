"""`manage.py bench matching`: the same subscriptions each time, an honest oracle."""

import pytest

from digest.bench.ingest import BenchPaper
from digest.bench.matching import measure
from digest.bench.matching.oracle import Oracle
from digest.bench.matching.papers import make_texts, plain_texts
from digest.bench.matching.run import run
from digest.bench.matching.subscriptions import (
    POPULAR_TOPICS,
    make_subscriptions,
    read_vocabulary,
)
from digest.bench.matching.telling import describe, sum_up
from digest.matching import PaperText, parse_query
from digest.models import QueryKey


def test_it_asks_the_same_each_time() -> None:
    vocabulary = read_vocabulary(make_texts(60))
    asked = list(make_subscriptions(vocabulary, 2_000))

    assert asked == list(make_subscriptions(read_vocabulary(make_texts(60)), 2_000))
    popular = {*vocabulary.words[: POPULAR_TOPICS // 2]}
    popular |= {*vocabulary.phrases[: POPULAR_TOPICS // 2]}
    assert 0.55 < sum(text in popular for text in asked) / 2_000 < 0.75
    assert any(" -" in text for text in asked)
    assert all(parse_query(text) for text in asked)


def test_real_papers_are_written_plainly() -> None:
    paper = BenchPaper("1", "Pre-training GPUs", "$L_2$ & C++: a_b", ("Ada",), ())

    (text,) = plain_texts([paper])

    assert (text.title, text.abstract) == ("pre training gpus", " l 2    c  : a b")


@pytest.mark.django_db
def test_it_finds_what_the_oracle_finds() -> None:
    outcome = run(list(make_texts(120)), papers=40, subscriptions=400)

    assert outcome.agrees
    assert outcome.sample == outcome.queries > outcome.candidates > 0
    assert outcome.pairs > 0
    assert all(seconds > 0 for seconds in outcome.laps.seconds.values())
    lines = [*describe(outcome), sum_up(outcome)]
    assert lines[0].startswith("40 papers and 400 subscriptions to ")
    assert lines[-1].startswith("Bounds hold: same matches, boolean part ")


@pytest.mark.django_db
def test_it_says_when_the_oracle_finds_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = measure.store_queries

    def lose_keys(*arguments: object) -> None:
        store(*arguments)  # type: ignore[arg-type]
        QueryKey.objects.all().delete()

    monkeypatch.setattr("digest.bench.matching.run.store_queries", lose_keys)

    outcome = run(list(make_texts(120)), papers=40, subscriptions=400)

    assert not outcome.agrees
    assert outcome.differing > 0
    assert sum_up(outcome).startswith("Bounds broken: other matches")


@pytest.mark.django_db
def test_the_oracle_knows_phrases_exclusions_and_spellings() -> None:
    oracle = Oracle(
        [
            PaperText(1, "deep networks", "learn slowly"),
            PaperText(2, "a network", "deep in the woods, networks"),
            PaperText(3, "nothing deep", "networks"),
        ]
    )

    def ask(text: str) -> set[int]:
        return oracle.ask(oracle.translate(parse_query(text)))

    assert ask('"deep network"') == {1}
    assert ask("deep network") == {1, 2, 3}
    assert ask("network -woods") == {1, 3}
    assert ask('network -"learn slowly" -woods') == {3}
    assert ask("unheard") == set()
