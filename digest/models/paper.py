"""What papers are, and which batch announced them: Paper, Announcement."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import Case, F, FloatField, Q, Value, When
from django.db.models.expressions import CombinedExpression
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from digest.models.source import Batch

TRENDING_DAYS = 30
"""Older papers do not trend, whatever their votes."""

TRENDING_HALF_LIFE_DAYS = 3
"""After so many days a vote weighs half."""

READER_VOTE_WEIGHT = 5
"""How many votes at the source one vote of a reader of this site weighs.

In 61 daily lists of Hugging Face (March and April 2026) the tenth paper had 13 votes
at the median, the third 43, the first 105. With 5, three readers bring a paper that no
list has among the day's ten, nine to the third place; one alone decides nothing.
"""


def popularity() -> CombinedExpression:
    """What order by votes goes by: votes at the source, and the readers' by weight."""
    weighed = CombinedExpression(Value(READER_VOTE_WEIGHT), "*", F("reader_votes"))
    return CombinedExpression(F("upvotes"), "+", weighed)


class PaperQuerySet(models.QuerySet["Paper"]):
    """Papers as the pages and the planner ask for them."""

    def shown(self) -> PaperQuerySet:
        """Works announced as new at least once and not hidden by a curator."""
        # By the column that joins them, PostgreSQL sees that few are hidden; by the
        # hidden row's own key it expects next to no paper, and plans for that.
        return self.works().filter(
            announced_on__isnull=False, hidden__paper__isnull=True
        )

    def works(self) -> PaperQuerySet:
        """Papers that stand for a work, not those merged into another."""
        return self.filter(merged_into__isnull=True)

    def announced_between(self, first: date, last: date) -> PaperQuerySet:
        """First announced on a day of `first` .. `last`, both included."""
        return self.filter(announced_on__range=(first, last))

    def unmatched(self) -> PaperQuerySet:
        """Announced papers that are new or changed since they were matched."""
        return self.works().filter(matched_at__isnull=True, announced_on__isnull=False)

    def voted(self) -> PaperQuerySet:
        """Papers with a vote, at the source or here."""
        return self.filter(Q(upvotes__gt=0) | Q(reader_votes__gt=0))

    def most_voted(self) -> PaperQuerySet:
        """Most voted first, then newest."""
        return self.order_by(popularity().desc(), "-announced_on", "pk")

    def trending(self, today: date) -> PaperQuerySet:
        """Papers of the last days with votes; the older, the less its votes weigh.

        The heat is popularity * 0.5 ^ (days since the announcement / 3). This is the
        order that Reddit calls "hot" (`_sorts.pyx` of its published code: the
        logarithm of the votes plus the time in units of 45,000 seconds, in which the
        weight of a vote halves every 3.8 hours), slowed down to the pace of papers.
        No heat is stored, as it would be stale at midnight.
        """
        days = [today - timedelta(days=age) for age in range(TRENDING_DAYS)]
        # A table of weights: databases do not agree on how to count days.
        weights = (
            When(announced_on=day, then=Value(0.5 ** (age / TRENDING_HALF_LIFE_DAYS)))
            for age, day in enumerate(days)
        )
        weight = Case(*weights, default=Value(0.0), output_field=FloatField())
        heat = CombinedExpression(popularity(), "*", weight, output_field=FloatField())
        return (
            self.voted()
            .announced_between(days[-1], today)
            .alias(heat=heat)
            .order_by("-heat", "-announced_on", "pk")
        )


class Paper(models.Model):
    """One scientific work, whatever its versions and sources."""

    canonical_id = models.CharField(max_length=200)
    slug = models.CharField(max_length=200)
    arxiv_id = models.CharField(_("arXiv id"), max_length=40, blank=True)
    doi = models.CharField(_("DOI"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    title = models.CharField(_("title"), max_length=500)
    abstract = models.TextField(_("abstract"), blank=True)
    authors = models.JSONField(_("authors"), default=list)
    categories = models.JSONField(_("categories"), default=list)
    url = models.CharField(_("address"), max_length=2000)
    journal_ref = models.CharField(_("journal"), max_length=500, blank=True)
    license_url = models.CharField(_("licence"), max_length=500, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    upvotes = models.PositiveIntegerField(_("votes at the source"), default=0)
    # How many rows of Vote the work has, counted whenever one comes or goes.
    reader_votes = models.PositiveIntegerField(
        _("votes of readers"), default=0, editable=False
    )
    comment_count = models.PositiveIntegerField(_("comments at the source"), default=0)
    signals = models.JSONField(_("signals"), default=dict, blank=True)
    is_withdrawn = models.BooleanField(_("withdrawn"), default=False)
    announced_on = models.DateField(_("first announced"), null=True)
    merged_into = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="duplicates",
        verbose_name=_("the same work as"),
    )
    text_rank = models.CharField(max_length=120, editable=False, default="")
    first_seen_at = models.DateTimeField(_("first seen"))
    changed_at = models.DateTimeField(_("changed"))
    matched_at = models.DateTimeField(null=True, editable=False)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-announced_on", "-pk"]
        indexes = [
            models.Index(
                popularity().desc(),
                F("announced_on").desc(),
                name="paper_by_popularity",
            ),
            # With all that counting asks of a paper, so that no row is looked at.
            models.Index(
                fields=["announced_on", "merged_into", "id"], name="paper_by_day"
            ),
            models.Index(
                fields=["announced_on", "id"],
                condition=Q(merged_into__isnull=False),
                name="paper_merged_by_day",
            ),
            models.Index(
                fields=["announced_on"],
                condition=Q(upvotes__gt=0) | Q(reader_votes__gt=0),
                name="paper_voted_by_day",
            ),
            models.Index(
                fields=["announced_on"],
                condition=Q(matched_at__isnull=True),
                name="paper_waiting_for_match",
            ),
        ]
        constraints = [
            # Not `unique=True`: PostgreSQL would keep a second index each for LIKE.
            models.UniqueConstraint(
                fields=["canonical_id"], name="paper_once_per_canonical_id"
            ),
            models.UniqueConstraint(fields=["slug"], name="paper_once_per_slug"),
            models.CheckConstraint(
                condition=~Q(canonical_id=""), name="paper_has_canonical_id"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Path of the paper's own page."""
        return reverse("digest:paper", args=[self.slug])

    @property
    def work_id(self) -> int:
        """Id of the paper that stands for the work: its own, unless it is merged."""
        return self.merged_into_id or self.pk

    @property
    def votes(self) -> int:
        """Votes of people, at the source and here. Who votes in both counts twice."""
        return self.upvotes + self.reader_votes

    @property
    def vote_weight(self) -> int:
        """What order by votes goes by, as `popularity` counts it in a query."""
        return self.upvotes + READER_VOTE_WEIGHT * self.reader_votes

    @property
    def primary_category(self) -> str:
        """First category, or an empty text."""
        return self.categories[0] if self.categories else ""

    @property
    def author_names(self) -> list[str]:
        """Names as printed, in order."""
        return [author["name"] for author in self.authors]


class Announcement(models.Model):
    """That a batch listed a paper, and why (arXiv's announce type)."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="announcements")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="announcements")
    announce_type = models.CharField(_("announce type"), max_length=20)
    announced_on = models.DateField(_("announced"))
    version = models.PositiveIntegerField(_("version"), default=0)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "batch"], name="announcement_once_per_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.announce_type} {self.announced_on}"
