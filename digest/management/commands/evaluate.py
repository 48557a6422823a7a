"""Measures relevance on judged collections, beside BM25 and a classifier."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from digest import meaning
from digest.bench.evaluate import report, runs
from digest.bench.evaluate.collection import (
    Collection,
    CollectionError,
    read_collection,
)
from digest.bench.evaluate.ours import Ours
from digest.bench.evaluate.rivals import Bm25, Classifier
from digest.bench.evaluate.runs import Question, Runs
from digest.pipeline.embed import find_encoder

WORDS, MEANING = "ours by words", "ours with meaning"


@dataclass(slots=True)
class Results:
    """What was found, by collection, and the model that was asked, if any."""

    encoder: meaning.Encoder | None
    topics: dict[str, Runs] = field(default_factory=dict)
    marked: dict[int, dict[str, Runs]] = field(default_factory=dict)
    asked: dict[str, list[Question]] = field(default_factory=dict)
    ways: dict[str, dict[str, Ours]] = field(default_factory=dict)


class Command(BaseCommand):
    """Tunes nothing: what is printed is what a new installation would get."""

    help = "Measure how well papers are found, on folders of judged collections."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folders, the model and the seed."""
        parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
        parser.add_argument("--judged-only", action="store_true")
        parser.add_argument(
            "--model", type=Path, metavar="DIR", help="in place of DIGEST_MODEL_DIR"
        )
        parser.add_argument("--seed", type=int, default=1, metavar="N")

    def handle(self, *args: Any, **options: Any) -> None:
        """Measure each collection, then all together; sum up in the last line."""
        seed: int = options["seed"]
        results = Results(_encoder(options["model"]))
        try:
            for folder in options["folders"]:
                collection = read_collection(folder)
                if collection.name in results.topics:
                    raise CollectionError(f"{collection.name} is given twice.")
                is_judged_only: bool = options["judged_only"]
                asked = runs.questions(collection, judged_only=is_judged_only)
                self._measure(collection, asked, results, seed)
        except CollectionError as error:
            raise CommandError(str(error)) from error
        foreign = self._foreign(results)
        self._together(results, seed)
        self.stdout.write(_sum_up(results, foreign, seed))

    def _measure(
        self,
        collection: Collection,
        asked: list[Question],
        results: Results,
        seed: int,
    ) -> None:
        if not asked:
            raise CollectionError(f"In {collection.name} nothing is wanted.")
        self.stdout.write(_describe(collection, len(asked)))
        self.stdout.write(report.heading())
        documents = collection.documents
        ways = {WORDS: Ours(documents)}
        if results.encoder is not None:
            ways[MEANING] = Ours(documents, results.encoder)
        found = runs.run_topics(asked, Bm25(documents), ways)
        self._lines(report.table(found, seed))
        results.topics[collection.name] = found
        results.asked[collection.name] = asked
        for way, ours in ways.items():
            results.ways.setdefault(way, {})[collection.name] = ours
        classifier = Classifier(documents)
        for marks in runs.MARKS:
            taught = runs.run_marked(asked, marks, classifier, ways, seed)
            if taught:
                results.marked.setdefault(marks, {})[collection.name] = taught
                self.stdout.write(_marked_heading(marks, taught))
                self._lines(report.table(taught, seed))

    def _foreign(self, results: Results) -> dict[str, dict[str, float]]:
        if len(results.topics) == 1:
            return {}
        sent = {
            way: {name: results.topics[name][way].sent for name in by_collection}
            for way, by_collection in results.ways.items()
        }
        shares = runs.foreign_share(results.ways, dict(results.asked), sent)
        self.stdout.write(_("What a foreign topic gets, as a share of an own topic's:"))
        for way, by_name in shares.items():
            cells = ", ".join(f"{name} {share:.3f}" for name, share in by_name.items())
            mean = float(np.mean(list(by_name.values())))
            self.stdout.write(f"  {way}: {cells}; mean {mean:.3f}")
        return shares

    def _together(self, results: Results, seed: int) -> None:
        if len(results.topics) == 1:
            return
        self.stdout.write(_("Mean over {n} collections").format(n=len(results.topics)))
        self.stdout.write(report.heading())
        self._lines(report.mean_table(list(results.topics.values()), seed))
        self._lines(report.gains(results.topics, report.BASELINE, seed))
        for marks, by_name in results.marked.items():
            self.stdout.write(
                _("Mean over {n} collections, {marks} liked").format(
                    n=len(by_name), marks=marks
                )
            )
            self._lines(report.mean_table(list(by_name.values()), seed))

    def _lines(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.stdout.write(line)


def _encoder(folder: Path | None) -> meaning.Encoder | None:
    """The model in a folder, else that of this installation, if it has one."""
    if folder is None:
        return find_encoder()
    try:
        return meaning.load_encoder(folder)
    except meaning.ModelError as error:
        raise CommandError(str(error)) from error


def _describe(collection: Collection, asked: int) -> str:
    return _(
        "{name}: {documents} documents, {asked} of {queries} queries with something "
        "wanted; {unknown} judgments of unknown documents or queries left out"
    ).format(
        name=collection.name,
        documents=len(collection.documents),
        asked=asked,
        queries=len(collection.queries),
        unknown=collection.unknown,
    )


def _marked_heading(marks: int, taught: Runs) -> str:
    queries = len(next(iter(taught.values())).rankings)
    return _(" with {marks} liked, {queries} topics, on the rest").format(
        marks=marks, queries=queries
    )


def _sum_up(results: Results, foreign: dict[str, dict[str, float]], seed: int) -> str:
    """The last line: what was gained over BM25 and over the classifier."""
    topics = list(results.topics.values())
    pieces = []
    for way in results.ways:
        ndcg, precision = (
            (report.mean_over(topics, way, at, seed) or 0.0)
            - (report.mean_over(topics, report.BASELINE, at, seed) or 0.0)
            for at in (0, 1)
        )
        kept = report.mean_over(topics, way, len(report.MEASURES) - 1, seed) or 0.0
        piece = (
            f"{way} {ndcg:+.3f} nDCG@10 {precision:+.3f} MAP over BM25, kept {kept:.2f}"
        )
        if foreign:
            piece += f", foreign {np.mean(list(foreign[way].values())):.2f}"
        for marks, by_name in results.marked.items():
            taught = list(by_name.values())
            gain = (
                report.mean_over(taught, f"{way}, topic + examples", 0, seed) or 0.0
            ) - (report.mean_over(taught, "SVM on examples", 0, seed) or 0.0)
            piece += f", {marks} liked {gain:+.3f} over the SVM"
        pieces.append(piece)
    return _("{n} collections: {pieces}.").format(
        n=len(topics), pieces="; ".join(pieces)
    )
