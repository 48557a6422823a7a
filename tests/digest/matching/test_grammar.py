"""The query language: what it accepts, what it means, where it points."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.matching import QUERY_ERRORS, QueryError, parse_query


def canonical(text: str) -> str:
    return parse_query(text).canonical()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Diffusion  Policy", "diffusion policy"),
        ("policy diffusion policy", "diffusion policy"),
        ('"Score   Distillation"', '"score distillation"'),
        ('"models"', "models"),
        ("“smart quotes”", '"smart quotes"'),
        ("vision -survey", "vision -survey"),
        ("vision NOT survey", "vision -survey"),
        ("vision \u2013survey", "vision -survey"),
        ("vision - survey", "survey vision"),
        ("-(survey review) vision", "vision -(review survey)"),
        ("-(-vision)", "vision"),
        ("x | y", "x OR y"),
        ("x or y", "x OR y"),
        ("x and y", "x y"),
        ("x & y", "x y"),
        ("x y OR z", "x y OR z"),
        ("(z OR y) x", "x (y OR z)"),
        ("(x y)", "x y"),
        ("f(x)", "f x"),
        ("diffus*", "diffus*"),
        ("pre-train*", "pre-train*"),
        ('"diffus* model"', '"diffus* model"'),
        ("title:Flow", "title:flow"),
        ("Title: flow", "title:flow"),
        ('abs:"flow matching"', 'abstract:"flow matching"'),
        ("title:(flow OR score)", "title:flow OR title:score"),
        ("-title:flow vision", "vision -title:flow"),
        ('author:"Doe, Jane Q."', 'author:"jane q doe"'),
        ("author:O'Brien", 'author:"obrien"'),
        ("cat:cs.CV", "cat:cs.cv"),
        ("cat:cs.*", "cat:cs"),
        ("cat:cs", "cat:cs"),
        ("cat:hep-th", "cat:hep-th"),
        ('cat:"Cell  Biology"', 'cat:"cell biology"'),
        ("org:DeepMind", "org:deepmind"),
        ('organization:"Google Research"', 'org:"google research"'),
        ("votes:10", "votes:10"),
        ("votes:>=10", "votes:10"),
        ("votes:>10", "votes:11"),
        ("C++ GPT-4 p53", "c++ gpt-4 p53"),
        ("BERT: pre-training", "bert pre-training"),
        (r"author:Schr\"odinger", 'author:"schrodinger"'),
    ],
)
def test_it_reads(text: str, expected: str) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("learning from the human feedback", "feedback human learning"),
        ("vitamin A", '"a" vitamin'),
        ('"the" robot', '"the" robot'),
        ("the of", '"of" "the"'),
        ("robot -the", 'robot -"the"'),
        ('"attention is all you need"', '"attention is all you need"'),
    ],
)
def test_it_drops_words_that_say_nothing_beside_others(
    text: str, expected: str
) -> None:
    assert canonical(text) == expected


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "empty", 0),
        ("   ", "empty", 0),
        ("-survey", "only_exclusions", 0),
        ("-(survey review)", "only_exclusions", 0),
        ("vision OR -survey", "only_exclusions", 10),
        ("x" * 2001, "too_long", 2000),
        ("x " * 101, "too_many_terms", 200),
        ("(" * 11 + "x", "too_deep", 10),
        ('vision "flow', "unclosed_quote", 7),
        ("vision (flow", "unclosed_bracket", 7),
        ("vision) flow", "unexpected_bracket", 6),
        ("vision ()", "missing_term", 8),
        ("vision OR", "missing_term", 9),
        ("OR vision", "missing_term", 0),
        ("vision -(", "missing_term", 9),
        ("title:", "missing_term", 6),
        ("vision …", "nothing_to_search", 7),
        ('vision ""', "nothing_to_search", 7),
        ("author:...", "nothing_to_search", 7),
        ("autor:doe", "unknown_field", 0),
        ('foo:"bar"', "unknown_field", 0),
        ("vision *flow", "wildcard", 7),
        ("di*sion", "wildcard", 0),
        ("A* search", "wildcard", 0),
        ("author:doe*", "wildcard", 7),
        ("cat:*", "bad_category", 4),
        ("votes:many", "bad_votes", 6),
        ("votes:0", "bad_votes", 6),
    ],
)
def test_it_points_at_what_is_wrong(text: str, code: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.message_code, caught.value.position) == (code, position)


def test_it_says_in_english_what_is_wrong() -> None:
    with pytest.raises(QueryError, match=r"no field “autor”.*character 8"):
        parse_query("vision autor:doe")


def test_it_counts_a_field_before_a_bracket_for_each_word() -> None:
    words = " OR ".join(f"someverylongword{n}" for n in range(90))
    with pytest.raises(QueryError) as caught:
        parse_query(f"abstract:({words})")
    assert caught.value.message_code == "too_long"


LETTERS = string.ascii_letters + string.digits + " \"()|-*:.+#$_^\\'{}éßα深ｶ½İ,&\n"


anything = st.text(LETTERS, max_size=60) | st.text(max_size=40)


def error_of(text: str) -> QueryError | None:
    try:
        parse_query(text)
    except QueryError as error:
        return error
    return None


@given(anything)
def test_it_answers_any_text_with_a_query_or_a_place_in_the_text(text: str) -> None:
    error = error_of(text)
    assert error is None or 0 <= error.position <= len(text)
    assert error is None or error.message_code in QUERY_ERRORS


@given(anything)
def test_it_reads_its_own_canonical_form_as_the_same_query(text: str) -> None:
    try:
        query = parse_query(text)
    except QueryError:
        return
    again = parse_query(query.canonical())
    assert again == query
    assert again.canonical() == query.canonical()
