"""One work, whatever its versions and sources: keys, merges and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digest.models.paper import Paper
from digest.models.source import Source


class PaperKey(models.Model):
    """Something by which a paper is known: an id, a DOI, title and first author.

    Two papers that share one are the same work, if nothing speaks against it.
    """

    paper = models.ForeignKey(
        Paper,
        models.CASCADE,
        related_name="keys",
        db_index=False,  # the constraint's index begins with it
    )
    key = models.CharField(_("key"), max_length=200)

    class Meta:
        # Not `db_index`: PostgreSQL would keep a second index for LIKE.
        indexes = [models.Index(fields=["key"])]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "key"], name="paper_key_once_per_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.key}"


class Merge(models.Model):
    """That two papers were found to be one work, by what, and what it changed.

    `before` holds the fields of the kept paper as they were, `moved` the ids of
    the rows that went over to it: what is needed to undo it.
    """

    class Reason(models.TextChoices):
        """By what they were known to be the same."""

        DOI = "doi", _("the same DOI")
        TITLE = "title", _("the same title and first author")
        BY_HAND = "by_hand", _("a curator said so")

    kept = models.ForeignKey(Paper, models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Paper, models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    key = models.CharField(_("key"), max_length=200, blank=True)
    merged_at = models.DateTimeField(_("merged"))
    before = models.JSONField(default=dict, editable=False)
    moved = models.JSONField(default=dict, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at__isnull=True),
                name="paper_merged_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} = {self.kept}"


class PaperEvent(models.Model):
    """What became of a work after it was first announced."""

    class Kind(models.TextChoices):
        """The kinds of event that a reader may want to hear of."""

        NEW_VERSION = "new_version", _("new version")
        PUBLISHED = "published", _("published in a journal")
        WITHDRAWN = "withdrawn", _("withdrawn")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="events")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    happened_on = models.DateField(_("day"))
    version = models.PositiveIntegerField(_("version"), default=0)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    source = models.ForeignKey(
        Source,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("source"),
    )
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        verbose_name = _("event of a paper")
        verbose_name_plural = _("events of papers")
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "kind", "version", "detail"],
                name="paper_event_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.kind} {self.happened_on}"
