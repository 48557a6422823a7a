"""Tests of the query language, scoring and explanation, and papers for them."""

from digest.matching import (
    Evidence,
    Hit,
    PaperText,
    PreparedPaper,
    TermWeights,
    match,
    parse_query,
    prepare,
)


def make_paper(
    title: str = "On nothing in particular",
    abstract: str = "",
    *,
    authors: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    organisation: str = "",
    votes: int = 0,
) -> PreparedPaper:
    """Return a prepared paper of which only some fields matter."""
    return prepare(
        PaperText(1, title, abstract, authors, categories, organisation, votes)
    )


def ask(text: str, paper: PreparedPaper) -> Hit | None:
    """Match a query with the weights of an empty archive."""
    return match(parse_query(text), paper, TermWeights())


def is_found(text: str, title: str) -> bool:
    """Say whether a query finds a paper with that title."""
    return ask(text, make_paper(title)) is not None


def reasons(text: str, paper: PreparedPaper) -> tuple[Evidence, ...]:
    """Return the evidence for a query that must match."""
    hit = ask(text, paper)
    assert hit is not None, f"{text!r} did not match"
    return hit.evidence
