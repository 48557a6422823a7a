"""Which papers may be one work, and which of them stands for it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from digest.models import Merge, Paper, PaperKey
from digest.pipeline.ingest.papers import in_chunks
from digest.sources.identity import is_preprint

MOST_YEARS_APART = 3
"""Further apart, the same title and first author are rather two works."""

Pair = frozenset[int]


@dataclass(slots=True)
class Work:
    """A paper with the rows that were merged into it, and what they are known by."""

    root: Paper
    members: set[int] = field(default_factory=set)
    arxiv_ids: set[str] = field(default_factory=set)
    dois: set[str] = field(default_factory=set)

    def absorb(self, other: "Work") -> None:
        """Count the other's rows among its own."""
        self.members |= other.members
        self.arxiv_ids |= other.arxiv_ids
        self.dois |= other.dois


@dataclass(frozen=True, slots=True)
class Likeness:
    """The works that share a key, by the id of the root, and the pairs once parted."""

    works: dict[int, Work]
    parted: set[Pair]


def rank(paper: Paper) -> tuple[int, str]:
    """The lowest stands for the work: arXiv, then DOI, then GUID, then by id."""
    schemes = ["arxiv", "doi", "guid"]
    return schemes.index(paper.canonical_id.partition(":")[0]), paper.canonical_id


def read_works(root_ids: Collection[int], known: dict[int, Paper]) -> Likeness:
    """Read these works with all that speaks for or against their being one.

    Papers of `known`, by id, are used as they are and not read again.
    """
    roots = read_papers(root_ids, known)
    works = {paper.pk: Work(paper) for paper in roots}
    root_of: dict[int, int] = {}
    for ids in in_chunks(works):
        rows = Paper.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
        for paper_id, root_id, canonical_id in rows.values_list(
            "pk", "merged_into_id", "canonical_id"
        ):
            work = works[root_id or paper_id]
            work.members.add(paper_id)
            root_of[paper_id] = work.root.pk
            if canonical_id.startswith("arxiv:"):
                work.arxiv_ids.add(canonical_id)
    for ids in in_chunks(root_of):
        keys = PaperKey.objects.filter(paper__in=ids, key__startswith="doi:")
        for paper_id, key in keys.values_list("paper_id", "key"):
            works[root_of[paper_id]].dois.add(key)
    return Likeness(works, _read_parted(root_of))


def read_papers(ids: Iterable[int], known: dict[int, Paper]) -> list[Paper]:
    """These papers, locked; those of `known` as they are."""
    found, missing = [], []
    for paper_id in sorted(ids):
        if paper_id in known:
            found.append(known[paper_id])
        else:
            missing.append(paper_id)
    for chunk in in_chunks(missing):
        rows = Paper.objects.select_for_update().filter(pk__in=chunk)
        found += rows.order_by("pk")
    return found


def may_be_one(one: Work, other: Work, parted: set[Pair], *, by_title: bool) -> bool:
    """Whether nothing speaks against two works that share a key."""
    if len(one.arxiv_ids | other.arxiv_ids) > 1:
        return False
    if any(
        frozenset((member, another)) in parted
        for member in one.members
        for another in other.members
    ):
        return False
    return not by_title or not (_years_apart(one, other) or _of_one_house(one, other))


def published_as(one: Work, other: Work) -> tuple[Paper, str] | None:
    """The preprint of the two and where it is published, if their being one says so."""
    for preprint, journal in ((one, other), (other, one)):
        if (
            is_preprint(preprint.root.canonical_id)
            and journal.root.canonical_id.startswith("doi:")
            and not is_preprint(journal.root.canonical_id)
            and not preprint.root.journal_ref
            and all(map(is_preprint, preprint.dois))
        ):
            paper = journal.root
            return preprint.root, paper.journal_ref or paper.doi
    return None


def _years_apart(one: Work, other: Work) -> bool:
    first, second = one.root.announced_on, other.root.announced_on
    if first is None or second is None:
        return False
    return abs(first.year - second.year) > MOST_YEARS_APART


def _of_one_house(one: Work, other: Work) -> bool:
    """Whether one publisher gave them different DOIs: it knows them to be two."""
    by_house: dict[str, set[str]] = defaultdict(set)
    for doi in one.dois | other.dois:
        by_house[doi.partition("/")[0]].add(doi)
    return any(
        dois & one.dois and dois & other.dois and len(dois) > 1
        for dois in by_house.values()
    )


def _read_parted(paper_ids: Collection[int]) -> set[Pair]:
    """Pairs whose merge somebody undid."""
    parted: set[Pair] = set()
    for ids in in_chunks(paper_ids):
        undone = Merge.objects.filter(undone_at__isnull=False, merged__in=ids)
        pairs = undone.values_list("kept_id", "merged_id")
        parted |= {frozenset(pair) for pair in pairs}
    return parted
