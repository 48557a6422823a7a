"""All papers by the query language: put into the index, and found again.

Beside the stages: whether a paper is in the index decides nothing about digests.
Repeating it is free. A search costs a few queries, whatever is asked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from digest import matching
from digest.matching.lexemes import EVERY, Tree
from digest.models import Paper, SearchEntry
from digest.models.paper import PaperQuerySet, popularity
from digest.pipeline import embed
from digest.pipeline.match.nearest import nearest_papers
from digest.pipeline.match.words import paper_text

BATCH = 500
"""Papers whose lexemes are in memory together."""

AT_ONCE = 3000
"""Papers of one sweep: an index of 200,000 is whole within two hours."""

MOST_FOUND = 1000
"""The newest papers that a query is answered with."""

MOST_NEAR = 200
"""Papers that are called near in meaning: there is no end to being farther off."""


class Order(StrEnum):
    """What comes first."""

    RELEVANCE = "relevance"
    DATE = "date"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of papers, in order. `is_cut`: older ones were left out.

    Where it is not exact, `must` has to be asked of each paper that is shown; None for
    nothing. `is_near`: the nearest in meaning, which need not have the query's words.
    """

    paper_ids: tuple[int, ...]
    is_cut: bool
    is_exact: bool
    must: matching.Query | None
    is_near: bool = False


def search_papers(query: matching.Query, order: Order) -> Found:
    """Find the newest papers that a query holds for.

    By relevance: those with all of its words in the title, then with some, then the
    others; the most voted first among equals. By meaning: of all papers the nearest to
    its words, for which all else holds; by date where it has no words, or no model is.
    """
    if order is Order.MEANING and (near := _find_near(query)):
        return near
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
    return Found(tuple(found), is_cut, lookup.is_exact, query)


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


def _find_near(query: matching.Query) -> Found | None:
    """The nearest to the query's words; None where it has none, or no model is."""
    wordings, must = query.wordings(), query.beyond_words()
    if not wordings:
        return None
    papers, is_exact = Paper.objects.shown(), True
    if must:
        lookup = matching.look_up(must)
        is_exact = lookup.is_exact
        entries = _entries(lookup.tree, lookup.votes).values("paper_id")
        papers = papers.filter(pk__in=entries)
    ids = nearest_papers(wordings, papers, MOST_NEAR)
    if ids is None:
        return None
    return Found(tuple(ids), is_cut=False, is_exact=is_exact, must=must, is_near=True)


def _entries(tree: Tree, votes: int) -> QuerySet[SearchEntry]:
    """Of the papers that have this."""
    entries = SearchEntry.objects.all()
    if tree != EVERY:
        entries = entries.filter(lexemes__asked=_question(tree))
    if votes:
        counted = F("paper__upvotes") + F("paper__reader_votes")
        entries = entries.alias(counted=counted).filter(counted__gte=votes)
    return entries


def _ask(tree: Tree, votes: int) -> list[int]:
    """The ids of the newest papers, one more than are shown at most."""
    entries = _entries(tree, votes).filter(announced_on__isnull=False)
    newest = entries.order_by("-announced_on", "-paper_id")
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
