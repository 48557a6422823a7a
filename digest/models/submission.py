"""Papers that readers propose, from the form to a curator's word."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from digest.models.curation import Pick
from digest.models.paper import Paper

WHY_LENGTH = 300
CREDIT_LENGTH = 80


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submissions by what is to be done with them."""

    def to_look_up(self, now: datetime) -> SubmissionQuerySet:
        """Whose details are to be asked for now."""
        return self.filter(state=Submission.State.LOOKING, next_try_at__lte=now)

    def undecided(self) -> SubmissionQuerySet:
        """Without a curator's word."""
        return self.filter(decided_at__isnull=True)

    def first_of_each_work(self) -> SubmissionQuerySet:
        """One for each work that is undecided, the first; all that are decided."""
        earlier = Submission.objects.undecided().filter(
            key=OuterRef("key"), pk__lt=OuterRef("pk")
        )
        return self.exclude(Q(decided_at__isnull=True) & Exists(earlier))


class Submission(models.Model):
    """A paper proposed by a reader, with a sentence why.

    `key` is that of the work, so that several readers' proposals fall together.
    `found` holds what its source says of it: nothing is taken in before a curator
    accepts it.
    """

    class State(models.TextChoices):
        """How far it has come."""

        LOOKING = "looking", _("being looked up")
        WAITING = "waiting", _("waiting for a curator")
        UNKNOWN = "unknown", _("could not be looked up, waiting for a curator")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="submissions",
        verbose_name=_("reader"),
    )
    key = models.CharField(max_length=200, editable=False)
    url = models.CharField(_("address"), max_length=2000)
    title = models.CharField(_("title"), max_length=500, blank=True)
    why = models.CharField(_("why"), max_length=WHY_LENGTH)
    credit = models.CharField(_("credit to"), max_length=CREDIT_LENGTH, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.LOOKING
    )
    paper = models.ForeignKey(
        Paper,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("paper"),
    )
    found = models.JSONField(default=dict, blank=True, editable=False)
    found_kind = models.CharField(max_length=40, blank=True, editable=False)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    tries = models.PositiveIntegerField(default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, editable=False)
    sent_at = models.DateTimeField(_("sent"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reply = models.CharField(_("reply to the reader"), max_length=500, blank=True)
    pick = models.ForeignKey(
        Pick,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="submissions",
        verbose_name=_("pick"),
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-sent_at", "-pk"]
        # Not `db_index`: PostgreSQL would keep a second index for LIKE.
        indexes = [
            models.Index(fields=["key"]),
            models.Index(
                fields=["next_try_at"],
                condition=Q(state="looking"),
                name="submission_to_look_up",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], name="submission_once_per_user_and_work"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url
