"""What holds for every query and every paper, and the index that relies on it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching import (
    Evidence,
    PaperIndex,
    PaperText,
    PreparedPaper,
    Query,
    TermWeights,
    compile_query,
    filing_keys,
    match,
    parse_query,
    prepare,
)
from digest.matching.evidence import EvidenceField
from tests.digest.matching import make_paper
from tests.digest.matching.strategies import WORDS, papers, queries


@given(st.lists(queries, max_size=6), st.lists(papers, max_size=4))
def test_it_finds_what_trying_every_query_finds(
    texts: list[str], corpus: list[PaperText]
) -> None:
    prepared = [prepare(paper) for paper in corpus]
    weights = TermWeights.from_papers(prepared[1:])
    for query in map(parse_query, texts):
        expected = [paper for paper in prepared if query.root.holds(paper)]
        assert percolate(query, prepared, weights) == expected


@given(queries, papers)
def test_a_match_fulfils_every_clause_and_what_is_exact_the_reverse(
    text: str, paper: PaperText
) -> None:
    query, prepared = parse_query(text), prepare(paper)
    clauses = query.root.clauses()
    is_fulfilled = all(clause & prepared.keys for clause in clauses.wanted)
    is_excluded = any(clause & prepared.keys for clause in clauses.excluded)
    if query.root.holds(prepared):
        assert is_fulfilled
        assert not is_excluded
    elif clauses.is_exact:
        assert is_excluded or not is_fulfilled


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
        "votes": str(paper.votes),
    }
    return piece.text in said[piece.field]


def test_it_files_a_query_under_its_rarest_words() -> None:
    weights = TermWeights.from_papers(
        make_paper(f"model of thing{n % 10}") for n in range(50)
    )
    assert filed("model thing3", weights) == {"thing3"}
    assert filed('"deep network"', weights) == {"deep network"}
    assert filed("votes:10", weights) == {""}
    assert filed("votes:10 cat:cs", weights) == {"cat:cs"}
    assert filed("model OR author:doe", weights) == {"model", "author:doe"}


def test_without_an_archive_it_takes_long_words_and_pairs_for_rare() -> None:
    assert filed("the deep network") == {"network"}
    assert filed('networks "deep net"') == {"deep net"}
    assert filed("cat:physics.chem-ph deep") == {"deep"}
    assert filed("netw* deep") == {"deep"}


@pytest.mark.parametrize(
    ("text", "compiled"),
    [
        ("networks", "=network\tnetworks"),
        ('deep "score distillation" -gan', "=score distillation\ndeep\n-gan"),
        ("deep -(gan OR vae)", "=deep\n-gan\tvae"),
        ("deep -(gan vae)", "~deep"),
        ("pre-training", "=pre training\tpretraining"),
        ('"deep pre-training"', "~pre training\tpretraining\ndeep"),
        ('"a b c"', "~a b\nb c\na\nb\nc"),
        ("title:deep", "=title:deep"),
        ("abstract:deep", "~deep"),
        ("diffus*", "~dif*"),
        ("author:doe", "=author:doe"),
        ('author:"Jane Doe"', "~author:doe"),
        ("org:deepmind", "=org:deepmind"),
        ("cat:cs votes:5", "~cat:cs"),
        ("votes:5", "~"),
        ("deep (graph OR votes:5)", "~deep"),
        ("(deep net) OR graph", "~deep\tgraph"),
    ],
)
def test_what_keys_can_tell_is_compiled(text: str, compiled: str) -> None:
    assert compile_query(parse_query(text)) == compiled


def test_it_finds_a_paper_by_a_query_that_no_key_can_find() -> None:
    query = parse_query("votes:5")
    loved, other = make_paper("Anything", votes=5), make_paper("Anything", votes=4)
    assert percolate(query, [other, loved], TermWeights()) == [loved]


def test_it_finds_a_closed_compound_within_a_phrase_by_its_pair() -> None:
    paper = make_paper("On pre-training networks")
    for text in ('"pretraining networks"', '"pretraining network"'):
        assert percolate(parse_query(text), [paper], TermWeights()) == [paper]


def test_a_long_phrase_of_compounds_is_compiled_at_once() -> None:
    query = parse_query(f'"{"pre-training " * 50}"')
    assert compile_query(query) == "~pre training\tpretraining"


def filed(text: str, weights: TermWeights | None = None) -> frozenset[str]:
    """Return the keys under which a query is stored."""
    return filing_keys(parse_query(text), weights or TermWeights())


def percolate(
    query: Query, prepared: list[PreparedPaper], weights: TermWeights
) -> list[PreparedPaper]:
    """Return the papers that a stored query finds, asked only if a key is there."""
    index = PaperIndex(prepared)
    if not filing_keys(query, weights) & set(index.keys):
        return []
    return index.papers(index.find(query.canonical(), compile_query(query)))
