"""Addresses that must not be written to, remembered as keyed hashes only."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Suppression(models.Model):
    """Do not write to this address: at all, or no digests.

    Holds no address, so it outlives an erasure (a complaint stays a complaint).
    """

    class Scope(models.TextChoices):
        """What is not sent."""

        ALL = "all", _("all mail")
        DIGESTS = "digests", _("digests")

    class Reason(models.TextChoices):
        """Why it is not sent."""

        SOFT_BOUNCE = "soft_bounce", _("soft bounces in a row")
        BLOCKED = "blocked", _("on the mail provider's own list")
        HARD_BOUNCE = "hard_bounce", _("hard bounce")
        COMPLAINT = "complaint", _("complaint")
        REQUEST = "request", _("asked for")
        ERASED = "erased", _("erased, never to be written to")

    email_hmac = models.CharField(_("keyed hash of the address"), max_length=64)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope.choices)
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    at = models.DateTimeField(_("since"))
    # When a new sign-up last earned a confirmation mail in spite of the row.
    retried_at = models.DateTimeField(_("asked again at"), null=True, blank=True)

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        constraints = [
            models.UniqueConstraint(
                fields=["email_hmac", "scope"], name="suppression_once_for_each_scope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.get_reason_display()}"
