"""What a file of references teaches a topic: known papers as examples, others as words.

Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from digest import imports, matching
from digest.models import Paper
from digest.pipeline.ingest.lookup import known_papers
from digest.pipeline.match.archive import newest_archive
from digest.reading.subscriptions import MOST_EXAMPLES

MOST_TITLES = 10
"""How many titles stand for papers that share no words."""

WISH_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Taught:
    """What came of a file. `known`: how many of its papers are here.

    `examples`: these papers, at most 50; `wish`: words to begin with, a wording a line.
    """

    total: int
    known: int
    examples: tuple[Paper, ...]
    wish: str
    problems: tuple[imports.Problem, ...]


def teach(data: bytes) -> Taught:
    """Read a file and find its papers here, by arXiv id, DOI, or title and author.

    Raises:
        ImportRefusedError: nothing of the file can be used.
    """
    library = imports.read_library(data)
    found = known_papers({key for one in library.papers for key in one.keys})
    shown = Paper.objects.shown().in_bulk({paper.pk for paper in found.values()})
    papers: dict[int, Paper] = {}
    unknown: list[imports.Cited] = []
    for one in library.papers:
        paper = next((found[key] for key in one.keys if key in found), None)
        if paper is not None and paper.pk in shown:
            papers[paper.pk] = shown[paper.pk]
        else:
            unknown.append(one)
    return Taught(
        total=len(library.papers),
        known=len(library.papers) - len(unknown),
        examples=tuple(papers.values())[:MOST_EXAMPLES],
        wish=_draw_wish(unknown or library.papers),
        problems=library.problems,
    )


def join_wishes(*wishes: str) -> str:
    """The wordings of all, each once, as many whole ones as a wish holds."""
    lines = (line.strip() for wish in wishes for line in wish.splitlines())
    return _join(dict.fromkeys(filter(None, lines)))


def _draw_wish(papers: Sequence[imports.Cited]) -> str:
    """The commonest telling phrases; of papers that share none, their titles."""
    archive = newest_archive()
    frequencies = (
        archive.background.frequencies if archive else matching.count_papers([])
    )
    texts = [f"{one.title}. {one.keywords}. {one.abstract}" for one in papers]
    phrases = matching.telling_phrases(texts, frequencies)
    return _join(phrases or [one.title for one in papers[:MOST_TITLES]])


def _join(lines: Iterable[str]) -> str:
    wish = ""
    for line in lines:
        longer = f"{wish}\n{line}".strip()
        if len(longer) > WISH_LENGTH:
            break
        wish = longer
    return wish
