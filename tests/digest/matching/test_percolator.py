"""What holds for every query and every paper, and the index that relies on it."""

import math

from hypothesis import given
from hypothesis import strategies as st

from digest.matching import (
    Evidence,
    PaperText,
    Percolator,
    TermWeights,
    match,
    parse_query,
    prepare,
)
from digest.matching.evidence import EvidenceField
from tests.digest.matching import is_found, make_paper
from tests.digest.matching.strategies import WORDS, papers, queries


@given(st.lists(queries, max_size=6), st.lists(papers, min_size=1, max_size=4))
def test_it_finds_what_trying_every_query_finds(
    texts: list[str], corpus: list[PaperText]
) -> None:
    asked = dict(enumerate(map(parse_query, texts)))
    prepared = [prepare(paper) for paper in corpus]
    weights = TermWeights.from_papers(prepared[1:])
    percolator = Percolator(asked, weights)
    for paper in prepared:
        tried = [(n, match(query, paper, weights)) for n, query in asked.items()]
        expected = [(n, hit) for n, hit in tried if hit is not None]
        assert percolator.match_all(paper) == expected


@given(queries, papers)
def test_it_has_a_key_of_every_paper_it_matches(text: str, paper: PaperText) -> None:
    query, prepared = parse_query(text), prepare(paper)
    if match(query, prepared, TermWeights()) is not None:
        keys = query.key_terms()
        assert not keys or keys & prepared.keys


@given(queries, queries, papers)
def test_an_exclusion_never_adds_a_paper(
    text: str, excluded: str, paper: PaperText
) -> None:
    prepared, weights = prepare(paper), TermWeights()
    narrow = match(parse_query(f"{text} -{excluded}"), prepared, weights)
    if narrow is not None:
        assert match(parse_query(text), prepared, weights) is not None


@given(queries, papers)
def test_the_canonical_form_matches_alike(text: str, paper: PaperText) -> None:
    query, prepared, weights = parse_query(text), prepare(paper), TermWeights()
    again = parse_query(query.canonical())
    assert match(again, prepared, weights) == match(query, prepared, weights)


@given(queries, papers)
def test_capitals_in_a_query_mean_nothing(text: str, paper: PaperText) -> None:
    prepared, weights = prepare(paper), TermWeights()
    shouted = text.replace("deep", "DEEP").replace("net", "Net").replace("cs", "CS")
    expected = match(parse_query(text), prepared, weights)
    assert match(parse_query(shouted), prepared, weights) == expected


@given(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6), st.data())
def test_a_phrase_never_reaches_from_title_to_abstract(
    words: list[str], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(1, len(words) - 1))
    phrase = parse_query(f'"{" ".join(words)}"')
    split = make_paper(" ".join(words[:cut]), " ".join(words[cut:]))
    whole = make_paper(" ".join(words))
    assert match(phrase, split, TermWeights()) is None
    assert match(phrase, whole, TermWeights()) is not None


@given(queries, papers)
def test_a_hit_is_finite_positive_and_explained_by_the_paper(
    text: str, paper: PaperText
) -> None:
    hit = match(parse_query(text), prepare(paper), TermWeights())
    if hit is None:
        return
    assert 0 < hit.score <= 10
    assert math.isfinite(hit.score)
    assert 1 <= len(hit.evidence) <= 3
    said = [piece.text.casefold() for piece in hit.evidence]
    assert len(set(said)) == len(said)
    assert all(_stands_there(piece, paper) for piece in hit.evidence)


def _stands_there(piece: Evidence, paper: PaperText) -> bool:
    if not piece.text:
        return False
    said: dict[EvidenceField, str | tuple[str, ...]] = {
        "title": paper.title,
        "abstract": paper.abstract,
        "organisation": paper.organisation,
        "author": paper.authors,
        "category": paper.categories,
        "votes": str(paper.upvotes),
    }
    return piece.text in said[piece.field]


def test_it_files_a_query_under_its_rarest_words() -> None:
    weights = TermWeights.from_papers(
        make_paper(f"model of thing{n % 10}") for n in range(50)
    )
    assert parse_query("model thing3").key_terms(weights) == {"thing3"}
    assert parse_query('"deep network"').key_terms(weights) == {
        "deep network",
    }
    assert parse_query("votes:10").key_terms(weights) == frozenset()
    assert parse_query("votes:10 cat:cs").key_terms(weights) == {"cat:cs"}
    assert parse_query("model OR author:doe").key_terms() == {"model", "author:doe"}


def test_it_answers_each_asker_of_the_same_query() -> None:
    asked = {7: parse_query("deep model"), 3: parse_query("Model deep")}
    percolator = Percolator(asked, TermWeights())
    hits = percolator.match_all(make_paper("A deep model"))
    assert [number for number, _ in hits] == [3, 7]


def test_it_finds_a_paper_by_a_query_that_no_key_can_find() -> None:
    percolator = Percolator({1: parse_query("votes:5")}, TermWeights())
    assert len(percolator.match_all(make_paper("Anything", upvotes=5))) == 1
    assert percolator.match_all(make_paper("Anything", upvotes=4)) == []


def test_it_finds_a_closed_compound_within_a_phrase_by_its_pair() -> None:
    assert is_found('"pretraining networks"', "On pre-training networks")
    percolator = Percolator({1: parse_query('"pretraining network"')}, TermWeights())
    assert len(percolator.match_all(make_paper("On pre-training networks"))) == 1
