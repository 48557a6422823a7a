"""What matches, what scores higher, and what is given as the reason."""

import math
from dataclasses import replace

import pytest

from digest.matching import Evidence, TermWeights, match, parse_query, prepare
from digest.matching.paper import PaperText
from tests.digest.matching import ask, is_found, make_paper, reasons

DOE = make_paper(
    "Diffusion Policy for Robots",
    "We learn policies. Robots use diffusion models, and score distillation.",
    authors=("Jane Doe", "A. Smith"),
    categories=("cs.RO", "math.NA"),
    organisation="Example Robotics Lab",
    votes=12,
)


def score(text: str, title: str = "", abstract: str = "") -> float:
    hit = ask(text, make_paper(title, abstract))
    assert hit is not None
    return hit.score


@pytest.mark.parametrize(
    ("query", "is_wanted"),
    [
        ("diffusion robots", True),
        ("diffusion language", False),
        ("diffusion OR language", True),
        ("language OR vision", False),
        ("diffusion -language", True),
        ("diffusion -robot", False),
        ("diffusion -(robot language)", True),
        ('diffusion -"score distillation"', False),
        ("diffusion -cat:cs", False),
        ('"diffusion policy"', True),
        ('"policy diffusion"', False),
        ('"robots we learn"', False),
        ("diffus*", True),
        ('"score distil*"', True),
        ("diffusio", False),
        ("title:diffusion", True),
        ("title:distillation", False),
        ("abstract:distillation", True),
        ("abstract:policy", True),
        ('abstract:"diffusion policy"', False),
        ("author:doe", True),
        ('author:"John Doe"', False),
        ("cat:cs.RO", True),
        ("cat:CS.ro", True),
        ("cat:cs", True),
        ("cat:cs.*", True),
        ("cat:c", False),
        ("cat:cs.R", False),
        ("org:robotics", True),
        ('org:"example robotics"', True),
        ("org:exam*", True),
        ("org:diffusion", False),
        ("votes:12", True),
        ("votes:13", False),
    ],
)
def test_it_matches(query: str, is_wanted: bool) -> None:  # noqa: FBT001
    assert (ask(query, DOE) is not None) == is_wanted


def test_it_ignores_case_and_accents() -> None:
    assert is_found("POINCARÉ", "On poincare maps")
    assert is_found("poincare", "On POINCARÉ maps")


def test_it_counts_the_title_more_than_the_abstract() -> None:
    in_title = score("robot", "A robot", "Something else")
    assert in_title > score("robot", "A study", "Something like a robot")


def test_it_counts_words_that_stand_together_more() -> None:
    together = score("score distillation", "A", "We use score distillation on this.")
    assert together > score("score distillation", "A", "A score by distillation of it.")


def test_it_counts_a_phrase_no_less_than_its_words() -> None:
    abstract = "We use score distillation."
    words = score("score distillation", "A", abstract)
    assert score('"score distillation"', "A", abstract) == pytest.approx(words, 0.3)


def test_it_counts_a_rare_word_more_than_a_common_one() -> None:
    papers = [make_paper(f"A model of thing{n}") for n in range(500)]
    weights = TermWeights.from_papers(papers)
    rare = match(parse_query("thing7"), papers[7], weights)
    common = match(parse_query("model"), papers[7], weights)
    assert rare is not None
    assert common is not None
    assert rare.score > common.score > 0


def test_it_puts_a_followed_author_above_any_text() -> None:
    best = score("robot " * 5, "Robot robot robot", "Robot robots " * 20)
    author = ask('author:"Jane Doe"', DOE)
    possible = ask('author:"Anna Smith"', DOE)
    assert author is not None
    assert possible is not None
    assert best < possible.score < author.score <= 10


def test_it_scores_a_filter_low_but_positive() -> None:
    for query in ("cat:cs.RO", "votes:10", "cat:cs.RO votes:10"):
        hit = ask(query, DOE)
        assert hit is not None
        assert hit.score == 0.5


def test_it_does_not_score_a_word_lower_for_a_category_beside_it() -> None:
    alone, filtered = ask("diffusion", DOE), ask("diffusion cat:cs.RO", DOE)
    assert alone is not None
    assert filtered is not None
    assert alone.score == filtered.score


def test_it_does_not_score_a_topic_lower_for_naming_synonyms() -> None:
    alone, synonyms = ask("diffusion", DOE), ask("diffusion OR denoising", DOE)
    assert alone is not None
    assert synonyms is not None
    assert synonyms.score >= alone.score


def test_it_works_with_no_paper_at_all_and_with_an_empty_one() -> None:
    assert TermWeights.from_papers([]).idf("word") > 0
    empty = prepare(PaperText(1, "", ""))
    assert ask("word", empty) is None
    hit = ask("cat:cs", make_paper("", "", categories=("cs",)))
    assert hit is not None
    assert math.isfinite(hit.score)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("diffusion policy", [Evidence("phrase", "Diffusion Policy", "title")]),
        (
            "distillation robot",
            [
                Evidence("word", "Robots", "title"),
                Evidence("word", "distillation", "abstract"),
            ],
        ),
        (
            '"score distillation"',
            [Evidence("phrase", "score distillation", "abstract")],
        ),
        ('author:"J Q Doe"', [Evidence("author", "Jane Doe", "author", True)]),  # noqa: FBT003
        (
            "diffusion author:doe",
            [
                Evidence("author", "Jane Doe", "author"),
                Evidence("word", "Diffusion", "title"),
            ],
        ),
        (
            "robot cat:math votes:3",
            [
                Evidence("word", "Robots", "title"),
                Evidence("category", "math.NA", "category"),
                Evidence("votes", "12", "votes"),
            ],
        ),
        ("org:robot*", [Evidence("organisation", "Robotics", "organisation")]),
        ("diffusion OR language", [Evidence("word", "Diffusion", "title")]),
        ("robot -language", [Evidence("word", "Robots", "title")]),
    ],
)
def test_it_says_why(query: str, expected: list[Evidence]) -> None:
    said = [replace(piece, words=()) for piece in reasons(query, DOE)]

    assert said == expected


def test_it_gives_three_reasons_at_most_and_the_best_first() -> None:
    found = reasons("distillation score models robots diffusion", DOE)
    assert len(found) == 3
    assert found[0].field == "title"


def test_a_reason_knows_all_the_ways_in_which_the_paper_writes_its_words() -> None:
    paper = make_paper(
        "A Diffusion Model", "Diffusion models; a diffusion-model; model."
    )
    (piece,) = reasons('"diffusion models"', paper)
    assert piece.words == ("diffusion model", "diffusion models")


def test_a_reason_holds_no_endless_list_of_words() -> None:
    paper = make_paper("Many", " ".join(f"netx{chr(97 + n)}" for n in range(26)))
    (piece,) = reasons("net*", paper)
    assert len(piece.words) == 20


def test_it_quotes_mathematics_whole() -> None:
    paper = make_paper("Bounds in the $L_2$ norm and CO$_2$ capture")
    assert reasons("L2", paper)[0].text == "$L_2$"
    assert reasons("L2 norm", paper)[0].text == "$L_2$ norm"
    assert reasons("CO2", paper)[0].text == "CO$_2$"


def test_it_does_not_run_the_members_of_a_list_together() -> None:
    paper = make_paper("Comparing GPT-4, GPT-4 and more")
    assert [piece.text for piece in reasons("GPT-4", paper)] == ["GPT-4"]
