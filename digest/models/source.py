"""Where papers come from: Source, its Batches, and the days without announcement."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

CLAIM = timedelta(minutes=15)
"""How long one worker has a source to itself; longer than its longest fetch."""


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources by their state."""

    def due(self, now: datetime) -> SourceQuerySet:
        """Active sources whose next fetch has come."""
        return self.filter(is_active=True, next_fetch_at__lte=now)

    def being_fetched(self, now: datetime) -> SourceQuerySet:
        """Sources that a worker has claimed and not finished with."""
        return self.filter(
            next_fetch_at=F("last_tried_at") + CLAIM, next_fetch_at__gt=now
        )


class Source(models.Model):
    """One feed with its kind, schedule and health."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=40)
    address = models.CharField(_("address"), max_length=2000)
    is_active = models.BooleanField(_("active"), default=True)
    fetch_every_minutes = models.PositiveIntegerField(
        _("minutes between fetches"), default=60
    )
    next_fetch_at = models.DateTimeField(_("next fetch"), db_index=True)
    last_tried_at = models.DateTimeField(_("last tried"), null=True, blank=True)
    last_succeeded_at = models.DateTimeField(_("last success"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)
    failure_count = models.PositiveIntegerField(_("failures in a row"), default=0)
    late_after_hours = models.PositiveIntegerField(
        _("hours late before operators are told"),
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(240)],
    )
    told_late_at = models.DateTimeField(null=True, blank=True, editable=False)
    etag = models.CharField(max_length=200, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def has_timetable(self) -> bool:
        """Whether its lists come as announcements at times that are known before."""
        return self.kind == "arxiv_rss"


class Batch(models.Model):
    """One announcement, or one day of a feed, as received."""

    class Status(models.TextChoices):
        RECEIVED = "received", _("received")
        PARTIAL = "partial", _("received in part")
        EMPTY = "empty", _("no papers that day")
        HOLIDAY = "holiday", _("no announcement that day")
        WAITING = "waiting", _("not announced yet")
        REPEATED = "repeated", _("the same as the day before")
        FAILED = "failed", _("failed")

    source = models.ForeignKey(Source, models.CASCADE, related_name="batches")
    announced_on = models.DateField(_("announced"))
    status = models.CharField(_("status"), max_length=20, choices=Status.choices)
    received_at = models.DateTimeField(_("received"))
    entry_count = models.PositiveIntegerField(_("entries"), default=0)
    counts = models.JSONField(_("entries by announce type"), default=dict)
    problems = models.JSONField(_("problems"), default=list)
    grown_at = models.DateTimeField(_("last grown"), null=True, editable=False)
    completed_at = models.DateTimeField(_("complete"), null=True, blank=True)
    refilled_at = models.DateTimeField(_("refilled"), null=True, blank=True)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["-announced_on", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "announced_on"], name="batch_once_per_source_and_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.announced_on:%Y-%m-%d}"


class HolidayQuerySet(models.QuerySet["Holiday"]):
    """The calendar as the timetable asks for it."""

    def days(self) -> frozenset[date]:
        """All days in it."""
        return frozenset(self.values_list("day", flat=True))


class Holiday(models.Model):
    """A day in whose evening arXiv announces nothing, though it is no weekend."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=100, blank=True)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        verbose_name = _("arXiv holiday")
        verbose_name_plural = _("arXiv holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}".strip()
