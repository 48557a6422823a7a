"""The words of papers, counted once for each version of a paper and kept with it."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from threading import Lock
from typing import NamedTuple

import numpy as np

from digest import matching
from digest.matching.key_index import KeyNumbers
from digest.models import Paper, PaperWords
from digest.pipeline.ingest.papers import in_chunks

MOST_KEPT = 4000
"""How many papers' words a process keeps for `keep_words`: about 30 MB."""


class Words(NamedTuple):
    """What ranking and finding read of a paper."""

    bag: matching.Bag
    keys: KeyNumbers


_lock = Lock()
_kept: OrderedDict[str, tuple[datetime, Words]] = OrderedDict()


def paper_text(paper: Paper) -> matching.PaperText:
    """The paper as the matcher reads it."""
    return matching.PaperText(
        key=paper.pk,
        title=paper.title,
        abstract=paper.abstract,
        authors=tuple(paper.author_names),
        categories=tuple(paper.categories),
        organisation=paper.organisation,
        votes=paper.votes,
    )


def read_words(papers: Sequence[Paper]) -> list[Words]:
    """The papers' words, counted now where they were not yet or have changed."""
    found: dict[int, Words] = {}
    for chunk in in_chunks(papers):
        found |= _read_stored({paper.pk: paper for paper in chunk})
    missing = _whole([paper for paper in papers if paper.pk not in found])
    counted = {paper.pk: _count(paper) for paper in missing}
    _store(missing, counted)
    found |= counted
    return [found[paper.pk] for paper in papers]


def read_bags(papers: Sequence[Paper]) -> list[matching.Bag]:
    """The words of papers as ranking reads them."""
    return [words.bag for words in read_words(papers)]


def keep_words(papers: Sequence[Paper]) -> list[Words]:
    """The papers' words, kept from call to call: readers share most of their papers.

    Reads `canonical_id` and `changed_at` alone of a paper whose words are known.
    """
    found: dict[int, Words] = {}
    with _lock:
        for paper in papers:
            changed_at, words = _kept.get(paper.canonical_id, (None, None))
            if words is not None and changed_at == paper.changed_at:
                found[paper.pk] = words
                _kept.move_to_end(paper.canonical_id)
    missing = [paper for paper in papers if paper.pk not in found]
    read = read_words(missing) if missing else []
    with _lock:
        for paper, words in zip(missing, read, strict=True):
            found[paper.pk] = words
            _kept[paper.canonical_id] = (paper.changed_at, words)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return [found[paper.pk] for paper in papers]


def _whole(papers: Sequence[Paper]) -> Sequence[Paper]:
    """The papers with all their texts, read at once if they were left out."""
    if not any(paper.get_deferred_fields() for paper in papers):
        return papers
    return list(Paper.objects.filter(pk__in=[paper.pk for paper in papers]))


def _read_stored(papers: dict[int, Paper]) -> dict[int, Words]:
    stored = PaperWords.objects.filter(paper__in=papers, rules=matching.RULES_VERSION)
    found = {}
    for row in stored:
        bag = matching.unpack_bag(bytes(row.bag))
        if bag is not None and row.counted_for == papers[row.pk].changed_at:
            keys = np.frombuffer(bytes(row.keys), "<i8").astype(np.int64)
            found[row.pk] = Words(bag, keys)
    return found


def _count(paper: Paper) -> Words:
    prepared = matching.prepare(paper_text(paper))
    keys = matching.number_keys(prepared.keys)
    return Words(matching.read_bag(paper.title, paper.abstract), keys)


def _store(papers: Sequence[Paper], words: dict[int, Words]) -> None:
    PaperWords.objects.bulk_create(
        [
            PaperWords(
                paper=paper,
                counted_for=paper.changed_at,
                rules=matching.RULES_VERSION,
                bag=matching.pack_bag(words[paper.pk].bag),
                keys=words[paper.pk].keys.astype("<i8").tobytes(),
            )
            for paper in papers
        ],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["paper"],
        update_fields=["counted_for", "rules", "bag", "keys"],
    )
