"""What curators say: a paper picked for a day, or hidden, with the words for it."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from digest.models.paper import Paper

POSITION_STEP = 10
"""Room between two picks, so that a third can be put there later."""


class PickQuerySet(models.QuerySet["Pick"]):
    """Picks, and how one is made."""

    def put_forward(self, paper_id: int, day: date, note: str, curator: User) -> Pick:
        """Pick a paper for a day, after those it has; again changes the note."""
        last = self.filter(picked_on=day).aggregate(at=Max("position"))["at"]
        pick, _is_new = self.update_or_create(
            paper_id=paper_id,
            picked_on=day,
            defaults={"note": note},
            create_defaults={
                "note": note,
                "position": (last or 0) + POSITION_STEP,
                "curator": curator,
            },
        )
        return pick


class Pick(models.Model):
    """A paper put forward by a curator for a day, with a note."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="picks")
    picked_on = models.DateField(_("day"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    position = models.PositiveIntegerField(_("position"), default=100)
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("curator"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = PickQuerySet.as_manager()

    class Meta:
        verbose_name = _("pick")
        verbose_name_plural = _("picks")
        ordering = ["-picked_on", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "picked_on"], name="pick_once_per_paper_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} ({self.picked_on:%Y-%m-%d})"


class HiddenPaper(models.Model):
    """A paper that curators keep out of pages and digests."""

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="hidden")
    reason = models.CharField(_("reason"), max_length=300)
    curator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("curator"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("hidden paper")
        verbose_name_plural = _("hidden papers")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.paper)
