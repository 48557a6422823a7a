"""Each canonical query is there once, filed by its keys, and follows its topics."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from digest import matching
from digest.models import CanonicalQuery, Match, Paper, QueryKey, Topic
from digest.models.canonical import KEY_LENGTH
from digest.pipeline.match import match_papers
from digest.pipeline.match.words import paper_text
from tests.digest.matching.strategies import papers, queries
from tests.factories import NOW, make_match, make_paper, make_topic


def filed() -> dict[str, list[str]]:
    """Text and keys of each canonical query."""
    return {
        query.text: sorted(query.keys.values_list("key", flat=True))
        for query in CanonicalQuery.objects.all()
    }


def store(text: matching.PaperText) -> Paper:
    """A row that reads as this paper."""
    return make_paper(
        text.title,
        abstract=text.abstract,
        authors=[{"name": name} for name in text.authors],
        categories=list(text.categories),
        organisation=text.organisation,
        upvotes=text.votes,
    )


class ThroughTheDatabase(TestCase):
    """The stage finds what trying every query on every paper finds."""

    @settings(
        deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(
        st.lists(queries, min_size=1, max_size=5),
        st.lists(papers, min_size=1, max_size=3),
    )
    def test_it_finds_what_trying_every_query_finds(
        self, texts: list[str], corpus: list[matching.PaperText]
    ) -> None:
        topics = [make_topic(query=text) for text in texts]
        rows = [store(text) for text in corpus]
        make_match(topics[0], rows[0])

        match_papers(now=NOW, paper_ids=[row.pk for row in rows])

        assert set(Match.objects.values_list("topic", "paper")) == {
            (topic.pk, row.pk)
            for topic in topics
            for row in rows
            if matching.parse_query(topic.query).root.holds(
                matching.prepare(paper_text(row))
            )
        }


@pytest.mark.django_db
def test_topics_that_ask_the_same_share_one_query() -> None:
    one = make_topic(query="deep  NETWORK")
    other = make_topic(query='"network" AND deep')
    make_topic(query="robots OR network")
    make_paper("Networks that are deep")

    match_papers(now=NOW)

    assert filed() == {
        "deep network": ["network"],
        "network OR robots": ["network", "robot", "robots"],
    }
    one.refresh_from_db()
    other.refresh_from_db()
    assert one.canonical == other.canonical
    assert Match.objects.count() == 3


@pytest.mark.django_db
def test_it_is_filed_under_the_rarest_word_of_the_archive() -> None:
    for number in range(3):
        make_paper(f"The hippocampus and rat {number}")
    make_paper("A rat, an axon")
    make_topic(query="hippocampus axon")

    match_papers(now=NOW)

    assert filed() == {"axon hippocampus": ["axon"]}


@pytest.mark.django_db
@pytest.mark.parametrize("is_bulk", [False, True])
def test_an_edited_topic_is_filed_anew_and_what_it_asked_is_forgotten(
    *, is_bulk: bool
) -> None:
    topic = make_topic(query="robots")
    paper = make_paper("Telescopes")
    match_papers(now=NOW)
    if is_bulk:
        Topic.objects.update(query="telescopes")
    else:
        topic.refresh_from_db()
        topic.query = "telescopes"
        topic.save(update_fields=["query"])

    match_papers(now=NOW, paper_ids=[paper.pk])

    assert list(filed()) == ["telescopes"]
    assert topic.matches.count() == 1


@pytest.mark.django_db
def test_a_topic_that_can_no_longer_be_read_keeps_its_matches() -> None:
    topic = make_topic(query="robots")
    make_paper("Robots")
    match_papers(now=NOW)
    Topic.objects.update(query='"never closed')
    make_paper("More robots")

    match_papers(now=NOW)

    assert topic.matches.count() == 1


@pytest.mark.django_db
def test_all_are_filed_anew_after_the_rules_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_topic(query="robots")
    kept, paper = CanonicalQuery.objects, make_paper("Robots")
    match_papers(now=NOW)
    before = kept.get()
    kept.update(compiled="=of other rules")
    before.keys.all().delete()
    before.keys.create(key="of other rules")
    monkeypatch.setattr(matching, "RULES_VERSION", matching.RULES_VERSION + 1)

    match_papers(now=NOW, paper_ids=[paper.pk])

    assert kept.get() == before
    assert kept.get().compiled == before.compiled
    assert filed() == {"robots": ["robot", "robots"]}
    assert Match.objects.count() == 1


@pytest.mark.django_db
def test_a_query_without_a_topic_goes_when_it_is_next_found() -> None:
    make_topic(query="robots").delete()
    make_topic(query="robots")
    gone = make_topic(query="telescopes")
    paper = make_paper("Robots at telescopes")
    match_papers(now=NOW)
    gone.delete()

    match_papers(now=NOW, paper_ids=[paper.pk])

    assert list(filed()) == ["robots"]


@pytest.mark.django_db
def test_a_word_without_end_is_found_by_its_beginning() -> None:
    word = "x" * (KEY_LENGTH + 50)
    make_topic(query=f"{word} OR {word}y")
    make_paper("Long", abstract=f"A {word}")
    make_paper("Longer", abstract=f"A {word}z")

    assert match_papers(now=NOW) == 1
    assert [len(key) for (key,) in QueryKey.objects.values_list("key")] == [KEY_LENGTH]


@pytest.mark.django_db
def test_it_reads_papers_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.pipeline.match.BLOCK_PAPERS", 2)
    monkeypatch.setattr("digest.pipeline.match.writing.RANGE", 1)
    monkeypatch.setattr("digest.pipeline.match.candidates.CHUNK", 1)
    monkeypatch.setattr("digest.pipeline.match.filing.CHUNK", 2)
    for number in range(5):
        make_paper(f"Robots of kind {number}")
        make_topic(query=f"robots {number}")
    make_topic(query="robots")

    assert match_papers(now=NOW) == 10
    assert not Paper.objects.unmatched().exists()


@pytest.mark.django_db
def test_filing_takes_as_many_queries_for_many_topics_as_for_few() -> None:
    match_papers(now=NOW, paper_ids=[make_paper("Learned before").pk])
    counts = []
    for first, last in ((0, 5), (5, 60)):
        for number in range(first, last):
            make_topic(query=f"robots OR word{number}")
        with CaptureQueriesContext(connection) as asked:
            paper = make_paper("Robots")
            assert match_papers(now=NOW, paper_ids=[paper.pk]) == last
        # How many rows one INSERT takes is the database's affair.
        counts.append(sum("INSERT" not in each["sql"] for each in asked))

    assert counts[0] == counts[1]
