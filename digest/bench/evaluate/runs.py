"""Every way of finding papers, run over a collection, query by query.

Promise: all ways see the same queries, documents and marks.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from digest.bench.evaluate.collection import Collection
from digest.bench.evaluate.measures import Grades, Ranking, f1, rate
from digest.bench.evaluate.ours import Ours
from digest.bench.evaluate.rivals import Bm25, Classifier

MARKS = (1, 5, 20)
"""How many papers a reader has liked."""

MOST_MARKED_QUERIES = 100
"""A classifier takes its time; so many topics are taught at most, evenly chosen."""

Floats = npt.NDArray[np.floating]
Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Run:
    """What one way got, query after query; f1 and sent only where it decides."""

    rankings: list[Ranking] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)


Runs = dict[str, Run]
"""Runs by the name of the way."""


@dataclass(frozen=True, slots=True)
class Question:
    """One query: which documents are in play, and which of them are wanted."""

    text: str
    wanted: Grades
    in_play: npt.NDArray[np.int64]

    def add(self, run: Run, scores: Floats, sent: Mask | None = None) -> None:
        """Rate scores over all documents, shape (n,)."""
        chosen = self.in_play
        place = {document: at for at, document in enumerate(chosen.tolist())}
        wanted = {place[document]: grade for document, grade in self.wanted.items()}
        run.rankings.append(rate(np.asarray(scores, np.float64)[chosen], wanted))
        if sent is not None:
            run.f1.append(f1(sent[chosen], wanted))
            run.sent.append(int(sent.sum()))


def questions(collection: Collection, *, judged_only: bool) -> list[Question]:
    """Return the queries for which something is wanted."""
    everything = np.arange(len(collection.documents))
    asked = []
    for number, text in enumerate(collection.queries):
        wanted = collection.wanted(number)
        judged = np.array(sorted(collection.grades[number]), np.int64)
        if wanted:
            asked.append(Question(text, wanted, judged if judged_only else everything))
    return asked


def run_topics(asked: Sequence[Question], bm25: Bm25, ways: dict[str, Ours]) -> Runs:
    """Run BM25 and ours on topics without any marks."""
    runs: Runs = defaultdict(Run)
    for question in asked:
        question.add(runs["BM25"], bm25.score(question.text))
        for name, ours in ways.items():
            verdicts = ours.judge(question.text)
            question.add(runs[name], verdicts.score, verdicts.wanted())
    return dict(runs)


def run_marked(
    asked: Sequence[Question],
    marks: int,
    classifier: Classifier,
    ways: dict[str, Ours],
    seed: int,
) -> Runs:
    """Run the classifier and ours once `marks` papers are liked; rank the others."""
    runs: Runs = defaultdict(Run)
    for question, liked in _mark(asked, marks, seed):
        question.add(runs["SVM on examples"], classifier.score(liked))
        for name, ours in ways.items():
            question.add(runs[f"{name}, topic alone"], ours.judge(question.text).score)
            learned = ours.judge(question.text, liked)
            question.add(runs[f"{name}, topic + examples"], learned.score)
    return dict(runs)


def _mark(
    asked: Sequence[Question], marks: int, seed: int
) -> Iterator[tuple[Question, list[int]]]:
    """Yield the topics that have more wanted papers than marks, less the marked."""
    able = [question for question in asked if len(question.wanted) > marks]
    step = max(1, -(-len(able) // MOST_MARKED_QUERIES))
    for question in able[::step]:
        draw = random.Random(f"{seed} {marks} {question.text}")  # noqa: S311
        liked = sorted(draw.sample(sorted(question.wanted), marks))
        rest = {d: g for d, g in question.wanted.items() if d not in liked}
        in_play = question.in_play[~np.isin(question.in_play, liked)]
        yield Question(question.text, rest, in_play), liked


def foreign_share(
    ways: dict[str, dict[str, Ours]],
    asked: dict[str, Sequence[Question]],
    sent: dict[str, dict[str, list[int]]],
) -> dict[str, dict[str, float]]:
    """Return what a foreign topic gets as a share of what an own topic gets.

    By way, then by collection whose documents are sent.
    """
    shares: dict[str, dict[str, float]] = {}
    for way, by_collection in ways.items():
        shares[way] = {}
        for name, ours in by_collection.items():
            strangers = [
                question.text
                for other, questions_of in asked.items()
                if other != name
                for question in _some(questions_of)
            ]
            got = [int(ours.judge(text).wanted().sum()) for text in strangers]
            own = float(np.mean(sent[way][name])) if sent[way][name] else 0.0
            shares[way][name] = float(np.mean(got)) / own if own else float("inf")
    return shares


FOREIGN_QUERIES = 50
"""So many queries of each other collection are tried."""


def _some(asked: Sequence[Question]) -> Sequence[Question]:
    return asked[:: max(1, -(-len(asked) // FOREIGN_QUERIES))]
