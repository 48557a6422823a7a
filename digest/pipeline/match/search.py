"""All papers by the query language: put into the index, and found again.

Beside the stages: whether a paper is in the index decides nothing about digests.
Repeating it is free. A search costs a few queries, whatever is asked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

import numpy as np
from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef

from digest import matching
from digest.matching.lexemes import EVERY, Tree
from digest.models import Paper, SearchEntry
from digest.models.paper import PaperQuerySet, popularity
from digest.pipeline import embed
from digest.pipeline.match.words import paper_text

BATCH = 500
"""Papers whose lexemes are in memory together."""

AT_ONCE = 3000
"""Papers of one sweep: an index of 200,000 is whole within two hours."""

MOST_FOUND = 1000
"""The newest papers that a query is answered with."""

COMPARED = 300
"""Of these, how many are compared by meaning."""


class Order(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    DATE = "date"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of papers, in order. `is_cut`: older ones were left out.

    Where it is not exact, the query has to be asked of each paper that is shown.
    """

    paper_ids: tuple[int, ...]
    is_cut: bool
    is_exact: bool


def search_papers(query: matching.Query, order: Order) -> Found:
    """Find the newest papers that a query holds for.

    By relevance: those with all of its words in the title, then with some, then the
    others; the most voted first among equals. By meaning: the nearest of the newest.
    """
    lookup = matching.look_up(query)
    with transaction.atomic():
        _trust_the_index()
        newest = _ask(lookup.tree, lookup.votes)
        titled = lookup.titled if order is Order.RELEVANCE else ()
        ranked = [set(_ask(tree, lookup.votes)) for tree in titled]
    is_cut = len(newest) > MOST_FOUND
    ids = {*newest[:MOST_FOUND], *chain(*ranked)}
    papers = Paper.objects.shown().filter(pk__in=ids).annotate(weight=popularity())
    newest_first = papers.order_by("-announced_on", "-pk")
    rows = list(newest_first.values_list("pk", "weight"))
    if order is Order.RELEVANCE:
        rows.sort(key=lambda row: (_rank(row[0], ranked), -row[1]))
    found = [paper_id for paper_id, _weight in rows[:MOST_FOUND]]
    if order is Order.MEANING:
        found = _nearest_first(found, query)
    return Found(tuple(found), is_cut, lookup.is_exact)


def has_meaning() -> bool:
    """Whether papers can be ordered by meaning."""
    return embed.find_encoder() is not None


def index_papers(*, paper_ids: Collection[int] | None = None) -> int:
    """Put papers into the index that are new or changed; return how many.

    Args:
        paper_ids: Only these papers; None for the newest of all.
    """
    waiting = _waiting()
    if paper_ids is not None:
        waiting = waiting.filter(pk__in=paper_ids)
    ids = list(waiting.values_list("pk", flat=True)[:AT_ONCE])
    for start in range(0, len(ids), BATCH):
        _index(list(Paper.objects.filter(pk__in=ids[start : start + BATCH])))
    return len(ids)


def has_papers_to_index() -> bool:
    """Whether a paper is missing in the index, or there with older words."""
    return _waiting().exists()


def _index(papers: list[Paper]) -> None:
    prepared = matching.prepare_all(map(paper_text, papers))
    SearchEntry.objects.bulk_create(
        [
            SearchEntry(
                paper=paper,
                indexed_for=paper.changed_at,
                rules=matching.LEXEMES_VERSION,
                announced_on=paper.announced_on,
                lexemes=matching.paper_lexemes(one),
            )
            for paper, one in zip(papers, prepared, strict=True)
        ],
        batch_size=100,
        update_conflicts=True,
        unique_fields=["paper"],
        update_fields=["indexed_for", "rules", "announced_on", "lexemes"],
    )


def _waiting() -> PaperQuerySet:
    """Works that readers may look for and the index lacks, newest first."""
    entries = SearchEntry.objects.filter(
        paper=OuterRef("pk"),
        indexed_for=OuterRef("changed_at"),
        rules=matching.LEXEMES_VERSION,
    )
    papers = Paper.objects.works().filter(~Exists(entries), announced_on__isnull=False)
    return papers.order_by(F("announced_on").desc(), "-pk")


def _ask(tree: Tree, votes: int) -> list[int]:
    """The ids of the newest papers, one more than are shown at most."""
    entries = SearchEntry.objects.all()
    if tree != EVERY:
        entries = entries.filter(lexemes__asked=_question(tree))
    if votes:
        counted = F("paper__upvotes") + F("paper__reader_votes")
        entries = entries.alias(counted=counted).filter(counted__gte=votes)
    newest = entries.order_by(F("announced_on").desc(nulls_last=True), "-paper_id")
    return list(newest.values_list("paper_id", flat=True)[: MOST_FOUND + 1])


def _trust_the_index() -> None:
    """Keep PostgreSQL from reading all rows: it takes unpacking words for free."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")


def _rank(paper_id: int, ranked: Sequence[Collection[int]]) -> int:
    """The number of the first set that has the paper."""
    places = (place for place, ids in enumerate(ranked) if paper_id in ids)
    return next(places, len(ranked))


def _question(tree: Tree) -> str:
    return tree.tsquery if connection.vendor == "postgresql" else tree.fts5


def _nearest_first(ids: list[int], query: matching.Query) -> list[int]:
    """The newest ones by how near they are to the query's words, then the others."""
    compared = ids[:COMPARED]
    wanted = embed.encode_texts(query.wordings()[:1])
    vectors = embed.read_vectors(compared)
    if wanted is None or vectors is None or not len(wanted):
        return ids
    order = np.argsort(-(vectors @ wanted[0]), kind="stable")
    return [*(compared[place] for place in order.tolist()), *ids[COMPARED:]]
