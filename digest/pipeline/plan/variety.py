"""How alike the papers are among which readers' caps have to choose.

Two queries for all readers who are planned together, as soon as one's topics bring
more than the cap; what a paper's words weigh is worked out once for them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from digest import matching
from digest.models import Paper
from digest.pipeline.match.archive import Archive, newest_archive
from digest.pipeline.match.words import keep_words
from digest.pipeline.plan.turns import Likeness


class Comparison:
    """The papers that some readers' topics bring, by what their words weigh."""

    def __init__(self, paper_ids: Collection[int]) -> None:
        self._ids = paper_ids
        self._rows: dict[int, matching.Row] = {}

    def compare(self, paper_ids: Sequence[int]) -> Likeness | None:
        """The likeness of some of them; None before an archive was learned."""
        if self._archive is None:
            return None
        known = [pk for pk in paper_ids if pk in self._papers]
        self._weigh([pk for pk in known if pk not in self._rows], self._archive)
        places = {pk: place for place, pk in enumerate(known)}
        return Likeness(places, matching.Cosines([self._rows[pk] for pk in known]))

    def _weigh(self, paper_ids: Sequence[int], archive: Archive) -> None:
        words = keep_words([self._papers[pk] for pk in paper_ids])
        for pk, (bag, _keys) in zip(paper_ids, words, strict=True):
            self._rows[pk] = matching.tf_idf(bag.stems, archive.background.frequencies)

    @cached_property
    def _archive(self) -> Archive | None:
        return newest_archive()

    @cached_property
    def _papers(self) -> dict[int, Paper]:
        """Without their texts, of which only the stored words are needed."""
        stamps = Paper.objects.only("canonical_id", "changed_at")
        return {paper.pk: paper for paper in stamps.filter(pk__in=self._ids)}
