"""What can be followed, who follows it, and which papers it chose."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from digest.models.canonical import CanonicalQuery
from digest.models.paper import Paper

UNFILED = 0
"""No version of the rules: the canonical query is not known, or no longer it."""


class Strictness(models.IntegerChoices):
    """How sure matching must be of a paper: the slider, from many papers to few."""

    MOST = -2, _("many more papers")
    MORE = -1, _("more papers")
    USUAL = 0, _("as usual")
    FEWER = 1, _("fewer papers")
    FEWEST = 2, _("only the surest")


class TopicQuerySet(models.QuerySet["Topic"]):
    """Topics by who may see them and how they choose."""

    def public(self) -> TopicQuerySet:
        """Curated topics that readers can join."""
        return self.filter(owner__isnull=True, is_retired=False)

    def searching(self) -> TopicQuerySet:
        """Topics in force that choose papers by a query."""
        return self.filter(kind=Topic.Kind.QUERY, is_retired=False)

    def unmatched(self) -> TopicQuerySet:
        """New or edited topics that wait for their first matching."""
        return self.searching().filter(matched_at__isnull=True)

    def filed(self, rules: int) -> TopicQuerySet:
        """Topics whose canonical query, by this version of the rules, is known."""
        return self.searching().filter(filed_by=rules)

    def unfiled(self, rules: int) -> TopicQuerySet:
        """Topics that are new, edited or filed by another version of the rules."""
        asking = self.searching().exclude(query="")
        return asking.filter(Q(filed_by__lt=rules) | Q(filed_by__gt=rules))

    def wishing(self) -> TopicQuerySet:
        """Topics that say in plain words what they want."""
        return self.searching().exclude(wish="")

    def update(self, **fields: Any) -> int:
        """Update; topics that are given another query have to be filed anew."""
        if "query" in fields:
            fields.setdefault("filed_by", UNFILED)
        return super().update(**fields)


class Topic(models.Model):
    """Words, authors and categories to follow; curated, or one person's own.

    What the query names must hold; the wish, a wording a line, ranks what is left and
    decides about it. One of them may be missing.
    """

    class Kind(models.TextChoices):
        QUERY = "query", _("papers that match a query")
        DAILY = "daily", _("the curators' picks and the most voted")

    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=300, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind.choices, default=Kind.QUERY
    )
    query = models.TextField(_("query"), blank=True, max_length=2000)
    wish = models.TextField(_("in plain words"), blank=True, max_length=2000)
    strictness = models.SmallIntegerField(
        _("strictness"), choices=Strictness.choices, default=Strictness.USUAL
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="topics",
        verbose_name=_("owner"),
        help_text=_("Empty: a curated topic, open to everyone."),
    )
    position = models.PositiveIntegerField(_("position"), default=100)
    is_retired = models.BooleanField(_("retired"), default=False)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_topics",
        verbose_name=_("merged into"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    matched_at = models.DateTimeField(null=True, editable=False)
    canonical = models.ForeignKey(
        CanonicalQuery,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="topics",
    )
    filed_by = models.PositiveIntegerField(
        default=UNFILED, db_index=True, editable=False
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(owner__isnull=False),
                name="topic_name_once_per_owner",
            ),
            models.CheckConstraint(
                condition=Q(kind="daily", query="", wish="")
                | (Q(kind="query") & ~Q(query="", wish="")),
                name="topic_asks_iff_kind_query",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """Save; the match stage finds out what the query means, and files it."""
        names = options.get("update_fields")
        if names is None or "query" in names:
            self.filed_by = UNFILED
        if names is not None and "query" in names:
            options["update_fields"] = {*names, "filed_by"}
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        """Path of the topic's page."""
        return reverse("digest:topic", args=[self.slug])


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions by state."""

    def active(self) -> SubscriptionQuerySet:
        """Subscriptions that bring papers now."""
        return self.filter(status=Subscription.Status.ACTIVE, topic__is_retired=False)


class Subscription(models.Model):
    """A person's standing order for a topic."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions"
    )
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="subscriptions")
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE
    )
    started_at = models.DateTimeField(_("since"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    leave_token = models.CharField(max_length=32, unique=True, editable=False)
    strictness = models.SmallIntegerField(
        _("strictness"),
        choices=Strictness.choices,
        null=True,
        blank=True,
        help_text=_("Empty: as the topic says."),
    )
    max_papers = models.PositiveSmallIntegerField(
        _("most papers in a mail"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("Empty: as many as its share of the mail."),
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["topic__position", "topic__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "topic"], name="subscription_once_per_topic"
            ),
            models.CheckConstraint(
                condition=Q(max_papers=None) | Q(max_papers__range=(1, 50)),
                name="subscription_max_papers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.topic} ({self.status})"


class MatchQuerySet(models.QuerySet["Match"]):
    """Matches by the day of their papers, and best first."""

    def shown_between(self, first: date, last: date) -> MatchQuerySet:
        """Of papers first announced on these days, but for hidden and merged ones.

        Few papers are, so that leaving them out costs less than to look at each.
        """
        papers = Paper.objects.order_by()
        merged = papers.announced_between(first, last).filter(merged_into__isnull=False)
        hidden = papers.filter(hidden__isnull=False)
        return self.filter(announced_on__range=(first, last)).exclude(
            Q(paper__in=merged.values("pk")) | Q(paper__in=hidden.values("pk"))
        )

    def redate(self, paper_ids: Collection[int]) -> None:
        """Follow these papers to another day: after any change of it."""
        days = Paper.objects.filter(pk=OuterRef("paper")).values("announced_on")
        self.filter(paper__in=paper_ids).update(announced_on=Subquery(days))

    def best_first(self) -> MatchQuerySet:
        """By score, then the newer paper; stable."""
        return self.order_by("-score", "-paper__announced_on", "paper_id")


class Match(models.Model):
    """A paper chosen for a topic, with score and the evidence for the reason.

    `margin`: how far above the usual strictness of the topic's wish, below 0 for
    papers that only a laxer reader gets; empty where the query alone decides.
    """

    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="matches", db_index=False
    )
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="matches")
    score = models.FloatField(_("score"))
    margin = models.FloatField(_("margin"), null=True, blank=True)
    evidence = models.JSONField(_("evidence"), default=list)
    matched_at = models.DateTimeField(_("matched"))
    # Of the paper, so that a topic's last days are found without a look at it.
    announced_on = models.DateField(null=True, editable=False)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        indexes = [models.Index(fields=["topic", "announced_on"], name="match_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "paper"], name="match_once_per_topic_and_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic_id}: {self.paper_id} ({self.score:.2f})"
