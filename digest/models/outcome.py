"""What is left of deliveries after their year: how many of a day ended where."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from digest.models.digest import Cadence, Digest


class OutcomeCount(models.Model):
    """Digests due on one day (UTC) that ended in one place; nobody's in particular.

    `outcome`: the state of the delivery, or "skipped" with a reason of `Digest` where
    there was none.
    """

    day = models.DateField(_("day"))
    cadence = models.CharField(_("cadence"), max_length=10, choices=Cadence.choices)
    outcome = models.CharField(_("outcome"), max_length=10)
    reason = models.CharField(
        _("reason"), max_length=20, choices=Digest.Reason.choices, blank=True
    )
    count = models.PositiveIntegerField(_("digests"), default=0)

    class Meta:
        verbose_name = _("count of past digests")
        verbose_name_plural = _("counts of past digests")
        ordering = ["-day", "cadence", "outcome", "reason"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "cadence", "outcome", "reason"],
                name="outcome_counted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.cadence} {self.outcome}{self.reason}: {self.count}"
