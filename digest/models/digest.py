"""When each person wants mail, and what each mail holds."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from digest.models.paper import Paper
from digest.models.topic import Topic

LAST_MONTH_DAY = 28
"""The last day that every month has."""


class Cadence(models.TextChoices):
    """How often a digest comes. WELCOME is the one asked for at confirmation."""

    DAILY = "daily", _("daily")
    WEEKLY = "weekly", _("weekly")
    MONTHLY = "monthly", _("monthly")
    WELCOME = "welcome", _("on confirmation")


class Weekday(models.IntegerChoices):
    """ISO weekdays."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Timing(models.TextChoices):
    """When on its day a digest goes."""

    HOUR = "hour", _("at an hour of my own")
    WHEN_IN = "when_in", _("as soon as today's papers are in")


class Order(models.TextChoices):
    """Which of a topic's papers come first, and are taken where there is no room."""

    RELEVANCE = "relevance", _("the most relevant first")
    VOTES = "votes", _("the most voted first")
    DATE = "date", _("the newest first")


class ErasedReaderError(Exception):
    """The row stays for the counts; the person is gone."""


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    """Schedules by state."""

    def due(self, now: datetime) -> ScheduleQuerySet:
        """Readers whose next digest is due and who have not left.

        One that waits for papers is looked at again when its hold is over.
        """
        return self.filter(
            Q(held_until__isnull=True) | Q(held_until__lte=now),
            ended_at__isnull=True,
            user__is_active=True,
            next_due_at__lte=now,
        )

    def held(self) -> ScheduleQuerySet:
        """Readers whose due digest waits for papers."""
        return self.filter(held_until__isnull=False)


class Schedule(models.Model):
    """One reader's cadence, day, hour, zone, cap and pause."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="schedule"
    )
    cadence = models.CharField(
        _("how often"), max_length=10, choices=Cadence.choices, default=Cadence.DAILY
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=Weekday.choices, default=Weekday.MONDAY
    )
    month_day = models.PositiveSmallIntegerField(
        _("day of the month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(LAST_MONTH_DAY)],
    )
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=7, validators=[MaxValueValidator(23)]
    )
    timing = models.CharField(
        _("when"), max_length=10, choices=Timing.choices, default=Timing.HOUR
    )
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    max_papers = models.PositiveSmallIntegerField(
        _("most papers in a mail"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    order = models.CharField(
        _("order"), max_length=10, choices=Order.choices, default=Order.RELEVANCE
    )
    explores = models.BooleanField(_("one paper outside the topics"), default=False)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("digests ended"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("next digest"), db_index=True)
    held_until = models.DateTimeField(null=True, editable=False)
    language = models.CharField(_("language"), max_length=10, default="en")
    unsubscribe_token = models.CharField(max_length=32, unique=True, editable=False)
    manage_token = models.CharField(max_length=32, unique=True, editable=False)
    feedback_token = models.CharField(max_length=32, unique=True, editable=False)
    list_token = models.CharField(  # noqa: DJ001  unique, and most readers have none
        max_length=32, unique=True, null=True, editable=False
    )
    created_at = models.DateTimeField(_("subscribed"))

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = _("schedule")
        verbose_name_plural = _("schedules")
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__lte=23), name="schedule_hour_of_day"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7)), name="schedule_iso_weekday"
            ),
            models.CheckConstraint(
                condition=Q(month_day__range=(1, LAST_MONTH_DAY)),
                name="schedule_day_of_every_month",
            ),
            models.CheckConstraint(
                condition=Q(max_papers__range=(1, 50)), name="schedule_max_papers"
            ),
            models.CheckConstraint(
                condition=Q(cadence__in=["daily", "weekly", "monthly"]),
                name="schedule_regular_cadence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.cadence} {self.hour:02d}:00 {self.zone}"


class Digest(models.Model):
    """One person's mail for one period."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        SKIPPED = "skipped", _("skipped")

    class Reason(models.TextChoices):
        """Why a period brought no mail."""

        EMPTY = "empty", _("no new papers for these topics")
        PAUSED = "paused", _("paused by the reader")
        SUPPRESSED = "suppressed", _("this address must not be written to")
        SUPERSEDED = "superseded", _("a later period was due as well")
        EXPIRED = "expired", _("too late for its period")
        NONEXISTENT = "nonexistent", _("the clock never showed that hour")
        TOO_SOON = "too_soon", _("less than 12 hours after the last digest")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="digests"
    )
    cadence = models.CharField(_("cadence"), max_length=10, choices=Cadence.choices)
    period_key = models.CharField(_("period"), max_length=20)
    due_at = models.DateTimeField(_("due"))
    zone = models.CharField(_("time zone"), max_length=64)
    planned_at = models.DateTimeField(_("planned"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    reason = models.CharField(
        _("reason"), max_length=20, choices=Reason.choices, blank=True
    )
    coverage = models.JSONField(_("what was covered"), default=list)
    again_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="again",
        db_index=False,
        verbose_name=_("once more"),
    )
    again_why = models.CharField(_("why once more"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["-due_at", "pk"]
        indexes = [
            models.Index(fields=["due_at"]),
            # Few rows have it, and a million are planned in a night.
            models.Index(
                fields=["again_of"],
                condition=Q(again_of__isnull=False),
                name="digest_once_more",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "cadence", "period_key"], name="digest_once_per_period"
            ),
            models.CheckConstraint(
                condition=Q(status="planned", reason="")
                | (Q(status="skipped") & ~Q(reason="")),
                name="digest_reason_iff_skipped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cadence} {self.period_key} ({self.status})"

    def get_absolute_url(self) -> str:
        """Path of the digest on the web."""
        return reverse("digest:digest", args=[self.public_id])

    @property
    def reader(self) -> User:
        """Whose digest it is. ErasedReaderError once that person was erased."""
        if self.user is None:
            raise ErasedReaderError(f"The reader of digest {self.pk} was erased.")
        return self.user


class DigestItem(models.Model):
    """One paper in one digest, or held back from it by the cap.

    An item reserves its paper: the reader never gets it again, unless the item
    is released because its mail definitely did not go.

    `beneath`: the position of the digest's item that says nearly the same, under which
    this one is named. It uses up no place of the cap. `is_outside`: the reader's topics
    do not bring it; `topic` is the one that came nearest.
    """

    digest = models.ForeignKey(Digest, models.CASCADE, related_name="items")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="digest_items")
    topic = models.ForeignKey(Topic, models.SET_NULL, null=True, related_name="+")
    occasion = models.CharField(max_length=20, default="new")
    position = models.PositiveIntegerField()
    beneath = models.PositiveIntegerField(_("stands beneath"), null=True, blank=True)
    is_in_mail = models.BooleanField(_("in the mail"), default=True)
    is_pick = models.BooleanField(_("picked"), default=False)
    is_outside = models.BooleanField(_("outside the topics"), default=False)
    note = models.CharField(_("curator's note"), max_length=500, blank=True)
    score = models.FloatField(default=0)
    evidence = models.JSONField(default=list)
    also_in = models.JSONField(_("other topics it matched"), default=list)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        verbose_name = _("digest item")
        verbose_name_plural = _("digest items")
        ordering = ["digest", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "paper", "occasion"],
                condition=Q(released_at__isnull=True),
                name="paper_once_per_reader",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest_id}/{self.position}: {self.paper_id}"
