"""Readers' votes: one a person and work, counted on the paper."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from digest.models.paper import Paper


class VoteQuerySet(models.QuerySet["Vote"]):
    """Votes, and their count where it is read."""

    def recount(self, paper_ids: Collection[int]) -> None:
        """Write down at these papers how many votes they have: after any change."""
        votes = self.filter(paper=OuterRef("pk")).order_by().values("paper")
        counted = votes.annotate(rows=Count("pk")).values("rows")
        Paper.objects.filter(pk__in=paper_ids).update(
            reader_votes=Coalesce(Subquery(counted), 0)
        )


class Vote(models.Model):
    """That a reader puts a paper forward to all others."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="votes",
        verbose_name=_("reader"),
    )
    paper = models.ForeignKey(
        Paper, models.CASCADE, related_name="vote_rows", verbose_name=_("paper")
    )
    made_at = models.DateTimeField(_("made"))

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "paper"], name="vote_once_per_user_and_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.paper_id}"
