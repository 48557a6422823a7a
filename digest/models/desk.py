"""The curators' desk of a day: what was done there, by whom, and what was looked at."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from digest.models.paper import Paper


class DeskDay(models.Model):
    """One day's desk. `version` counts what was done there; the row is its lock."""

    day = models.DateField(_("day"), unique=True)
    version = models.PositiveIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("desk of a day")
        verbose_name_plural = _("desks of days")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"


class DeskChange(models.Model):
    """One thing that a curator did: when, what, with which paper, in which words."""

    class Kind(models.TextChoices):
        PICK = "pick", _("picked")
        UNPICK = "unpick", _("took back the pick of")
        NOTE = "note", _("changed the note of")
        ORDER = "order", _("put the picks into another order")
        HIDE = "hide", _("hid")
        SHOW = "show", _("showed again")
        MERGE = "merge", _("merged")

    desk = models.ForeignKey(DeskDay, models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(_("what"), max_length=8, choices=Kind.choices)
    paper = models.ForeignKey(
        Paper,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="desk_changes",
        verbose_name=_("paper"),
    )
    words = models.CharField(_("words"), max_length=500, blank=True)
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    made_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("change at the desk")
        verbose_name_plural = _("changes at the desk")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "version"], name="desk_change_once_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.paper or ''}".strip()


class SeenPaper(models.Model):
    """A paper that a curator looked at and left: it need not be looked at again."""

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="seen")
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    seen_at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("paper looked at")
        verbose_name_plural = _("papers looked at")

    def __str__(self) -> str:
        return str(self.paper)
