"""Papers in an order that is known in part: ids first, then what a query finds.

A page reads the rows of its own papers alone. The ids are few, as they are all in
memory; the query's order has an index, as its papers may be many.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from digest.models import Paper
from digest.models.paper import PaperQuerySet


class Listing:
    """Takes the ids of papers in order, and a query for those that follow."""

    def __init__(
        self, first_ids: Sequence[int], rest: PaperQuerySet | None = None
    ) -> None:
        self._first_ids = first_ids
        self._rest = Paper.objects.none() if rest is None else rest

    def __len__(self) -> int:
        """How many papers there are."""
        return len(self._first_ids) + self._rest_count

    def __getitem__(self, part: slice) -> list[Paper]:
        """The papers from one place up to another."""
        start, stop, _step = part.indices(len(self))
        ids, known = self._first_ids[start:stop], len(self._first_ids)
        papers = Paper.objects.in_bulk(ids)
        found = [papers[paper_id] for paper_id in ids if paper_id in papers]
        return [*found, *self._rest[max(0, start - known) : max(0, stop - known)]]

    @cached_property
    def _rest_count(self) -> int:
        return self._rest.count()
