"""Why a paper matches, in pieces of its own text.

Promise: at most three pieces, best first, none twice, and each truly stands in
the field it names; so do the words of a piece, in title or abstract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from digest.matching import names
from digest.matching.paper import FieldText, PreparedPaper
from digest.matching.spotting import write_words
from digest.matching.terms import Author, Category, Sight, Text, TextField, Votes

MAX_PIECES = 3
MAX_WORDS = 20  # of a piece: a wildcard may find very many

EvidenceKind = Literal[
    "word",
    "phrase",
    "author",
    "category",
    "organisation",
    "votes",
    "similar",
    "sentence",
]
LikedWay = Literal["liked", "saved", "more", "example"]
EvidenceField = Literal[
    "title", "abstract", "author", "category", "organisation", "votes", LikedWay
]
Term = Text | Author | Category | Votes


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason. `is_possible`: an initial and a last name that may be the one's.

    `words`: what matched, as title and abstract write it, for `spot` to find again;
    none for reasons that are no words.
    """

    kind: EvidenceKind
    text: str
    field: EvidenceField
    is_possible: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Text of a field, from place `begin` to before `end`, all of it asked for."""

    field: TextField
    begin: int
    end: int
    terms: frozenset[Text]


def find_runs(sights: Mapping[Text, Sight], paper: PreparedPaper) -> list[Run]:
    """Return where the terms stand; those that touch or overlap become one run."""
    spots: dict[TextField, list[tuple[int, int, Text]]] = {}
    for term, sight in sights.items():
        for name, spans in sight.items():
            found = spots.setdefault(name, [])
            found.extend((begin, end, term) for begin, end in spans)
    return [
        run
        for name, found in spots.items()
        for run in _merge(name, found, getattr(paper, name))
    ]


def _merge(
    name: TextField, spots: list[tuple[int, int, Text]], text: FieldText
) -> Iterator[Run]:
    run: Run | None = None
    for begin, end, term in sorted(spots, key=lambda spot: spot[:2]):
        if run is not None and (begin < run.end or _touches(run, begin, term, text)):
            terms = run.terms | {term}
            run = Run(name, run.begin, max(end, run.end), terms)
            continue
        if run is not None:
            yield run
        run = Run(name, begin, end, frozenset({term}))
    if run is not None:
        yield run


def _touches(run: Run, begin: int, term: Text, text: FieldText) -> bool:
    """Say whether a new term goes on where the run ended; a list does not."""
    if begin != run.end or term in run.terms:
        return False
    between = text.text[text.tokens[begin - 1].end : text.tokens[begin].start]
    return not any(mark in between for mark in ",;:()")


def gather(
    terms: Iterable[Term],
    sights: Mapping[Text, Sight],
    runs: Iterable[Run],
    paper: PreparedPaper,
) -> tuple[Evidence, ...]:
    """Return the best reasons: authors, then the runs as they come, then the rest."""
    terms = tuple(terms)
    chosen: dict[str, Evidence] = {}
    for piece in (
        *_authors(terms, paper),
        *_quotes(runs, sights, paper),
        *_categories(terms, paper),
        *_votes(terms, paper),
    ):
        chosen.setdefault(piece.text.casefold(), piece)
    return tuple(chosen.values())[:MAX_PIECES]


def _authors(terms: tuple[Term, ...], paper: PreparedPaper) -> list[Evidence]:
    asked = [term.name for term in terms if isinstance(term, Author)]
    found: list[Evidence] = []
    if not asked:
        return found
    for written, author in zip(paper.paper.authors, paper.authors, strict=True):
        best = max(
            (names.compare_names(name, author).value for name in asked), default=0
        )
        if best:
            is_possible = best == names.Agreement.POSSIBLE.value
            found.append(Evidence("author", written, "author", is_possible))
    return sorted(found, key=lambda piece: piece.is_possible)


def _quotes(
    runs: Iterable[Run], sights: Mapping[Text, Sight], paper: PreparedPaper
) -> Iterator[Evidence]:
    """Yield the runs that show a term which no better run has shown."""
    shown: set[Text] = set()
    for run in runs:
        if run.terms <= shown:
            continue
        shown |= run.terms
        text: FieldText = getattr(paper, run.field)
        quoted = text.quote(run.begin, run.end)
        if run.field == "organisation":
            yield Evidence("organisation", quoted, "organisation")
        else:
            kind: EvidenceKind = "word" if run.end - run.begin == 1 else "phrase"
            written = _written((sights[term] for term in run.terms), paper)
            yield Evidence(kind, quoted, run.field, words=written)


def _written(sights: Iterable[Sight], paper: PreparedPaper) -> tuple[str, ...]:
    """Return the words of terms in all the ways in which the paper writes them."""
    found = {
        write_words(getattr(paper, name).tokens[begin:end])
        for sight in sights
        for name, spans in sight.items()
        if name != "organisation"
        for begin, end in spans
    }
    return tuple(sorted(found)[:MAX_WORDS])


def _categories(terms: tuple[Term, ...], paper: PreparedPaper) -> Iterator[Evidence]:
    asked = [term for term in terms if isinstance(term, Category)]
    for written, folded in zip(paper.paper.categories, paper.categories, strict=True):
        if any(term.covers(folded) for term in asked):
            yield Evidence("category", written, "category")


def _votes(terms: tuple[Term, ...], paper: PreparedPaper) -> Iterator[Evidence]:
    if any(isinstance(term, Votes) for term in terms):
        yield Evidence("votes", str(paper.paper.votes), "votes")
