"""How far curators trust one reader's proposals and votes."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_PER_DAY = 500


class ReaderTrust(models.Model):
    """A curator's word about one reader; without a row all is as usual."""

    class Level(models.TextChoices):
        USUAL = "usual", _("as usual")
        TRUSTED = "trusted", _("trusted: need not wait")
        BARRED = "barred", _("barred: neither votes nor proposals")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="trust"
    )
    level = models.CharField(
        _("trust"), max_length=8, choices=Level.choices, default=Level.USUAL
    )
    per_day = models.PositiveSmallIntegerField(
        _("proposals a day"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_PER_DAY)],
        help_text=_("Empty: as for everybody."),
    )
    note = models.CharField(
        _("why"),
        max_length=300,
        blank=True,
        help_text=_("For your colleagues; the reader gets it with an export."),
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    set_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("trust in a reader")
        verbose_name_plural = _("trust in readers")

    def __str__(self) -> str:
        return f"{self.user_id} {self.level}"
