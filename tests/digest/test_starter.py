"""What a new installation begins with is well-formed, and every topic finds papers."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from digest import starter
from digest.matching import parse_query, read_wish
from digest.matching.wish import WishKind, kind_of
from digest.models import Match, Strictness, Topic
from digest.pipeline.ingest import ingest_source
from digest.pipeline.match import match_papers
from digest.starter import SourceKind, StarterError, StarterHoliday, TopicKind
from digest.starter.load import load_topics
from tests.factories import NOW, make_source

TOPICS = starter.read_topics()
SOURCES = starter.read_sources()
PAPERS: list[dict[str, Any]] = json.loads(starter.sample_feed())["papers"]
SEARCHING = [topic for topic in TOPICS if topic.kind is TopicKind.QUERY]

ARXIV_ADDRESS = "https://rss.arxiv.org/rss/"
ALLOWED_KEYS = {
    "id",
    "title",
    "abstract",
    "authors",
    "categories",
    "days_ago",
    "announce_type",
    "upvotes",
    "comments",
    "organisation",
    "code_url",
    "code_stars",
}


def test_it_offers_daily_papers_first_and_thirty_topics_that_search() -> None:
    assert TOPICS[0].slug == "daily-papers"
    assert [topic.slug for topic in TOPICS if topic.kind is TopicKind.DAILY] == [
        "daily-papers"
    ]
    assert len(SEARCHING) == 30


def test_it_names_and_describes_topics_once_and_within_what_the_tables_hold() -> None:
    assert len({topic.slug for topic in TOPICS}) == len(TOPICS)
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)
    for topic in TOPICS:
        assert len(topic.slug) <= 50
        assert len(topic.name) <= 80
        assert 0 < len(topic.description) <= 300
        assert "\n" not in topic.description
        assert len(topic.query) <= 2000
        assert len(topic.wish) <= 2000


@pytest.mark.django_db
def test_every_topic_sends_some_sample_papers_and_most_are_sent() -> None:
    load_topics()
    source = make_source("sample", kind="sample", address="sample:papers.json")
    for document in starter.sample_days():
        ingest_source(source.pk, now=NOW, document=document)
    match_papers(now=NOW)

    sent = Match.objects.exclude(margin__lt=0).values_list("topic__slug", "paper")
    counts = Counter(slug for slug, _paper in sent)
    assert set(counts) == {topic.slug for topic in SEARCHING}
    assert max(counts.values()) <= len(PAPERS) / 5
    assert len({paper for _slug, paper in sent}) >= 0.8 * len(PAPERS)


@pytest.mark.django_db
def test_a_topic_is_loaded_as_strict_as_the_file_says() -> None:
    load_topics()

    strict = dict(Topic.objects.values_list("slug", "strictness"))
    assert strict["agents-and-tools"] == Strictness.FEWEST
    assert strict["ai-safety"] == Strictness.MORE
    assert strict["economics"] == Strictness.USUAL


@pytest.mark.parametrize("topic", SEARCHING, ids=lambda topic: topic.slug)
def test_every_topic_says_in_names_what_it_wants(topic: starter.StarterTopic) -> None:
    wish = read_wish(topic.wish)

    assert 6 <= len(wish.wordings) <= 12
    assert {kind_of(bag) for bag in wish.bags} == {WishKind.NAME}
    if topic.query:
        parse_query(topic.query)


def test_it_lists_each_source_once_with_an_address_of_its_kind() -> None:
    prefixes = {
        SourceKind.ARXIV_RSS: ARXIV_ADDRESS,
        SourceKind.HF_DAILY: "https://huggingface.co/api/daily_papers",
        SourceKind.SAMPLE: f"sample:{starter.SAMPLE_FILE}",
    }

    assert len({source.slug for source in SOURCES}) == len(SOURCES)
    assert {source.kind for source in SOURCES} == set(SourceKind)
    for source in SOURCES:
        assert source.address.startswith(prefixes[source.kind])


def test_it_asks_arxiv_for_no_category_twice() -> None:
    asked = [
        category
        for source in SOURCES
        if source.kind is SourceKind.ARXIV_RSS
        for category in source.address.removeprefix(ARXIV_ADDRESS).split("+")
    ]

    assert [name for name, times in Counter(asked).items() if times > 1] == []


def test_it_fetches_the_categories_that_topics_name() -> None:
    asked = {
        category
        for source in SOURCES
        if source.kind is SourceKind.ARXIV_RSS
        for category in source.address.removeprefix(ARXIV_ADDRESS).split("+")
    }
    named = {
        word.strip("()").removeprefix("cat:").removesuffix(".*")
        for topic in TOPICS
        for word in topic.query.split()
        if word.strip("(").startswith("cat:")
    }

    missing = {
        name
        for name in named
        if name not in asked and name.partition(".")[0] not in asked
    }
    assert missing == set()


def test_it_brings_sixty_two_sample_papers_with_ids_of_their_own() -> None:
    assert len(PAPERS) == 62
    assert len({paper["id"] for paper in PAPERS}) == 62
    assert len({paper["title"] for paper in PAPERS}) == 62
    assert all(paper["id"].startswith("sample-") for paper in PAPERS)


def test_sample_papers_fill_the_last_seven_days_with_the_most_today() -> None:
    per_day = Counter(paper["days_ago"] for paper in PAPERS)

    assert set(per_day) == set(range(7))
    assert max(per_day, key=lambda day: per_day[day]) == 0


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper["id"])
def test_a_sample_paper_is_plainly_labelled_and_complete(paper: dict[str, Any]) -> None:
    assert set(paper) <= ALLOWED_KEYS
    assert paper["authors"]
    assert all(
        name.startswith("Sample Author ") and len(name) == len("Sample Author A")
        for name in paper["authors"]
    )
    assert len(set(paper["authors"])) == len(paper["authors"])
    assert paper.get("organisation", "Sample Lab 1").startswith("Sample Lab ")
    assert paper.get("code_url", "https://example.org/").startswith(
        "https://example.org/"
    )
    assert paper["announce_type"] in {"new", "cross", "replace"}
    assert 90 <= len(paper["abstract"].split()) <= 160


def test_sample_papers_show_what_a_digest_must_cope_with() -> None:
    titles = [paper["title"] for paper in PAPERS]

    assert any("$" in title and "\\" in title for title in titles)
    assert any("<" in title and "&" in title for title in titles)
    assert max(len(paper["authors"]) for paper in PAPERS) == 24
    assert {paper["announce_type"] for paper in PAPERS} == {"new", "cross", "replace"}
    assert any("organisation" not in paper for paper in PAPERS)
    assert any("code_url" not in paper for paper in PAPERS)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"slug": "a"}, "name is missing"),
        ({"slug": "A b", "name": "A", "description": "d", "query": "x"}, "slug"),
        ({"slug": "a", "name": " ", "description": "d", "query": "x"}, "name"),
        ({"slug": "a", "name": "A", "description": "d"}, "a query or a wish"),
        (
            {
                "slug": "a",
                "name": "A",
                "description": "d",
                "kind": "daily",
                "wish": "x",
            },
            "a query or a wish",
        ),
        ({"slug": "a", "name": "A", "description": "d", "kind": "weekly"}, "weekly"),
        (
            {
                "slug": "a",
                "name": "A",
                "description": "d",
                "kind": "daily",
                "query": "x",
            },
            "query",
        ),
        (
            {
                "slug": "a",
                "name": "A",
                "description": "d",
                "query": "x",
                "colour": "red",
            },
            "colour",
        ),
        (
            {
                "slug": "a",
                "name": "A",
                "description": "d",
                "wish": "x",
                "strictness": "some",
            },
            "strictness 'some' does not exist",
        ),
        (
            {
                "slug": "a",
                "name": "A",
                "description": "d",
                "query": "x",
                "strictness": "more",
            },
            "strictness belongs to a wish",
        ),
    ],
)
def test_it_says_what_is_wrong_with_a_topic(row: dict[str, object], fault: str) -> None:
    with pytest.raises(StarterError, match=fault) as caught:
        starter._read_topic(row)

    assert "topics.toml" in str(caught.value)


def test_it_says_which_kind_of_source_does_not_exist() -> None:
    row = {"slug": "a", "name": "A", "kind": "fax", "address": "tel:1"}

    with pytest.raises(StarterError, match=r"sources\.toml, a: kind 'fax'"):
        starter._read_source(row)


def test_it_refuses_a_slug_used_twice() -> None:
    with pytest.raises(StarterError, match=r"topics\.toml: slug 'a' is used twice"):
        starter._require_unique("topics.toml", ["a", "b", "a"])


def test_it_knows_the_evenings_of_2026_on_which_arxiv_announces_nothing() -> None:
    holidays = starter.read_holidays()

    assert [f"{holiday.day:%m-%d}" for holiday in holidays] == [
        *("01-01", "01-19", "06-19", "07-03", "09-07"),
        *("11-26", "12-25", "12-29", "12-31"),
    ]
    assert {holiday.day.year for holiday in holidays} == {2026}
    assert all(len(holiday.name) <= 100 for holiday in holidays)


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"name": "A"}, "an entry without day: day must be a date"),
        ({"day": "2026-12-25", "name": "A"}, "2026-12-25: day must be a date"),
        ({"day": datetime(2026, 12, 25, tzinfo=UTC), "name": "A"}, "must be a date"),
        ({"day": date(2026, 12, 25)}, "2026-12-25: name must be a text"),
        ({"day": date(2026, 12, 25), "name": "A", "until": 1}, "until is not a field"),
    ],
)
def test_it_says_what_is_wrong_with_a_holiday(
    row: dict[str, object], fault: str
) -> None:
    with pytest.raises(StarterError, match=rf"holidays\.toml, .*{fault}"):
        starter._read_holiday(row)


def test_it_refuses_holidays_out_of_order() -> None:
    twice = [StarterHoliday(date(2026, 12, 25), "A")] * 2

    with pytest.raises(StarterError, match="2026-12-25 comes after 2026-12-25"):
        starter._require_rising(twice)
