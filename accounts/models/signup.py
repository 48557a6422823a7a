"""Those who asked for mail and have not confirmed yet, and the budgets against misuse.

A Signup row is the queue of its own mail: `mail_wanted_at` says that one is due.
"""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User


class Invitation(models.Model):
    """A code that lets one person sign up where sign-up is by invitation."""

    code = models.CharField(_("code"), unique=True, max_length=64)
    note = models.CharField(_("for whom"), max_length=200, blank=True)
    created_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="invitations_made"
    )
    created_at = models.DateTimeField(_("made at"))
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used at"), null=True)
    used_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="invitations_used"
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return self.note or str(_("invitation"))


class SignupQuerySet(models.QuerySet["Signup"]):
    """Sign-ups by what is to be done with them."""

    def unsent(self, now: datetime) -> SignupQuerySet:
        """A mail is due."""
        return self.filter(mail_wanted_at__lte=now, expires_at__gt=now)

    def claim_mail(self, pk: int, now: datetime) -> Signup | None:
        """Take the mail of one row. None means that somebody else has it."""
        claimed = (
            self.unsent(now)
            .filter(pk=pk)
            .update(mail_wanted_at=None, mails_sent=models.F("mails_sent") + 1)
        )
        return self.get(pk=pk) if claimed else None

    def over(self, now: datetime, *, confirmed_before: datetime) -> SignupQuerySet:
        """Expired unconfirmed, or confirmed so long ago that nobody presses again."""
        return self.filter(
            Q(confirmed_at=None, expires_at__lte=now)
            | Q(confirmed_at__lt=confirmed_before)
        )


class Signup(models.Model):
    """One address that asked for mail; erased when confirmed or after seven days."""

    email = models.EmailField(max_length=254)
    email_key = models.CharField(unique=True, max_length=254)
    # Opaque here: the topics, zone and schedule that digest's form asked for.
    wishes = models.JSONField(default=dict)
    token = models.CharField(unique=True, max_length=64)
    language = models.CharField(max_length=12, default="en")
    created_at = models.DateTimeField(_("asked at"))
    expires_at = models.DateTimeField(db_index=True)
    mails_sent = models.PositiveIntegerField(default=0)
    last_mailed_at = models.DateTimeField(null=True)
    mail_wanted_at = models.DateTimeField(null=True, db_index=True)
    ip_prefix = models.CharField(_("network"), max_length=43, blank=True)
    form_version = models.CharField(max_length=40, blank=True)
    text_hash = models.CharField(max_length=64, blank=True)
    is_known = models.BooleanField(_("address belongs to a person"), default=False)
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.SET_NULL)
    # Asked by staff, not by themselves: the mail says so, and so does the consent.
    is_invited = models.BooleanField(_("invited by staff"), default=False)
    invited_by = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Kept for an hour after the confirmation, so that a second press is no error.
    confirmed_at = models.DateTimeField(null=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE)

    objects = SignupQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")

    def __str__(self) -> str:
        return f"{self.email}, {self.created_at:%Y-%m-%d %H:%M}"


class SignupAttempt(models.Model):
    """One pressed sign-up button, counted against the budgets; no address in clear."""

    email_hmac = models.CharField(max_length=64)
    ip_prefix = models.CharField(max_length=43, blank=True)
    mail_domain = models.CharField(max_length=253, blank=True)
    at = models.DateTimeField()
    is_granted = models.BooleanField(_("a mail was allowed"))

    class Meta:
        verbose_name = _("sign-up attempt")
        verbose_name_plural = _("sign-up attempts")
        indexes = [
            models.Index(fields=["email_hmac", "at"], name="attempt_by_address"),
            models.Index(fields=["at"], name="attempt_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
