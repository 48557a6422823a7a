"""By what papers are known: written for each document, a few queries for all of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from digest.models import PaperKey
from digest.models.bulk import insert_new
from digest.pipeline.ingest.papers import CHUNK, Upserted, in_chunks
from digest.sources.entry import Entry
from digest.sources.identity import bare_doi, canonical_id, fingerprint


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that a document gives its papers, by id, and those they had."""

    given: dict[int, set[str]]
    had: dict[int, set[str]]


def write_keys(entries: Iterable[Entry], upserted: Upserted) -> Keys:
    """Add what the document says its papers are known by. Keys are never dropped."""
    given: dict[int, set[str]] = defaultdict(set)
    for entry in entries:
        key = canonical_id(entry)
        given[upserted.papers[key].pk] |= _keys_of(entry, key)
    had = _read_keys(upserted.known)
    of_new: list[PaperKey] = []
    of_known: list[PaperKey] = []
    for paper_id, keys in given.items():
        rows = of_known if paper_id in upserted.known else of_new
        missing = sorted(keys - had.get(paper_id, set()))
        rows.extend(PaperKey(paper_id=paper_id, key=key) for key in missing)
    insert_new(of_new)
    # Another document may be adding the same ones.
    PaperKey.objects.bulk_create(of_known, batch_size=CHUNK, ignore_conflicts=True)
    return Keys(dict(given), had)


def _keys_of(entry: Entry, canonical: str) -> set[str]:
    dois = {bare_doi(entry.doi), bare_doi(entry.published_doi)} - {""}
    keys = {f"doi:{doi}" for doi in dois}
    if not canonical.startswith("guid:"):
        keys.add(canonical)
    title = fingerprint(entry)
    if title:
        keys.add(f"title:{title}")
    return keys


def _read_keys(paper_ids: Collection[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for ids in in_chunks(paper_ids):
        rows = PaperKey.objects.filter(paper__in=ids)
        for paper_id, key in rows.values_list("paper_id", "key"):
            found[paper_id].add(key)
    return dict(found)
