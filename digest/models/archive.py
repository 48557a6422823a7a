"""What matching knows of the archive before it looks at a paper, and who is alike."""

from __future__ import annotations

import uuid

from django.db import models

from digest.models.paper import Paper


class Background(models.Model):
    """The archive in numbers, as `matching.Background` writes it: the newest counts.

    `papers`: how many there were to learn from; `engine`: what made it, by version;
    `recent_ids`: the papers that topics are measured against, in their order.
    """

    # Processes keep what they have read under it: no such name comes twice.
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fitted_at = models.DateTimeField(db_index=True)
    papers = models.PositiveIntegerField()
    engine = models.CharField(max_length=200)
    recent_ids = models.JSONField(default=list)
    data = models.BinaryField()

    class Meta:
        get_latest_by = ["fitted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.engine}: {self.papers} ({self.fitted_at:%Y-%m-%d})"


class PaperWords(models.Model):
    """A paper's words, made ready once for ranking and for finding.

    `bag`: the words counted, as `matching.pack_bag` writes them; `keys`: the numbers of
    its keys, eight bytes each, by the version of the rules `rules`; `counted_for`: when
    the paper had changed last; another time means older words.
    """

    paper = models.OneToOneField(
        Paper, models.CASCADE, primary_key=True, related_name="words"
    )
    counted_for = models.DateTimeField()
    rules = models.PositiveIntegerField()
    bag = models.BinaryField()
    keys = models.BinaryField()

    def __str__(self) -> str:
        return str(self.paper_id)


class Companion(models.Model):
    """Two papers of different works that say nearly the same: parts, or a rewrite.

    `likeness` is the cosine of their words, 0 to 1. `paper` came no later than `other`.
    """

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="later_companions")
    other = models.ForeignKey(Paper, models.CASCADE, related_name="earlier_companions")
    likeness = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "other"], name="companions_once_per_pair"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} ~ {self.other_id}"
