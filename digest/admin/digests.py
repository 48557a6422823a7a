"""Digests as they were planned: read only, with their papers and what was covered."""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from digest.admin import previews
from digest.admin.evidence import NOTHING, EvidenceMixin, mask_reader
from digest.models import Digest, DigestItem

FILTER_DAYS = 10


class DueDayFilter(admin.SimpleListFilter):
    """Digests due on one of the last days, in UTC. `field` leads to the instant."""

    title = _("due on")
    parameter_name = "due_on"
    field = "due_at"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The last days, today first."""
        today = timezone.localdate()
        days = (today - timedelta(days=ago) for ago in range(FILTER_DAYS))
        return [(day.isoformat(), day.isoformat()) for day in days]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Between two midnights; any day may be written into the address."""
        try:
            day = date.fromisoformat(self.value() or "")
        except ValueError:
            return queryset
        if day == date.max:  # no midnight follows
            return queryset.none()
        first = timezone.make_aware(datetime.combine(day, time.min))
        span = (first, first + timedelta(days=1) - timedelta(microseconds=1))
        return queryset.filter(**{f"{self.field}__range": span})


class ItemInline(EvidenceMixin, admin.TabularInline[DigestItem, Digest]):
    """The papers in the mail; what the cap held back is on the digest's page."""

    model = DigestItem
    extra = 0
    fields = ["position", "paper", "topic_name", "is_pick", "note", "released_at"]
    verbose_name_plural = _("papers in the mail")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DigestItem]:
        """Bring paper and topic along."""
        rows = super().get_queryset(request).filter(is_in_mail=True)
        return rows.select_related("paper", "topic", "digest")

    @admin.display(description=_("topic"))
    def topic_name(self, obj: DigestItem) -> str:
        """A curated topic by name; a reader's own stays unnamed."""
        if obj.topic is None:
            return NOTHING
        return str(_("a personal topic")) if obj.topic.owner_id else obj.topic.name


@admin.register(Digest)
class DigestAdmin(EvidenceMixin, admin.ModelAdmin[Digest]):
    """Every digest, the last planned first."""

    list_display = [
        "due_at",
        "reader",
        "cadence",
        "period_key",
        "status",
        "reason",
        "way",
    ]
    list_filter = [DueDayFilter, "status", "reason", "cadence"]
    list_select_related = ["user", "delivery"]
    search_fields = ["=user__email", "=public_id"]
    search_help_text = _("The reader's whole address, or the digest's id")
    ordering = ["-pk"]
    show_full_result_count = False
    inlines = [ItemInline]
    fields = [
        "reader",
        "cadence",
        "period_key",
        "due_at",
        "zone",
        "planned_at",
        "status",
        "reason",
        "way",
        "coverage_lines",
        "again_of",
        "again_why",
    ]

    def get_urls(self) -> list[URLPattern]:
        """With the pages of digests that are not planned yet."""
        return [*previews.pages(self), *super().get_urls()]

    def view_on_site(self, obj: Digest) -> str:
        """Link to the digest's web page."""
        return obj.get_absolute_url()

    @admin.display(description=_("reader"))
    def reader(self, obj: Digest) -> str:
        """The masked address."""
        return mask_reader(obj.user)

    @admin.display(description=_("delivery"))
    def way(self, obj: Digest) -> SafeString | str:
        """State of the delivery, with the way to it."""
        try:
            delivery = obj.delivery
        except ObjectDoesNotExist:
            return NOTHING
        address = reverse("admin:digest_delivery_change", args=[delivery.pk])
        return format_html('<a href="{}">{}</a>', address, delivery.get_state_display())

    @admin.display(description=_("what was covered"))
    def coverage_lines(self, obj: Digest) -> SafeString | str:
        """One line a source: its name, how it fared, how many papers."""
        lines = (
            (line.get("name"), line.get("status"), line.get("papers"))
            for line in obj.coverage
        )
        return format_html_join("", "<div>{}: {}, {}</div>", lines) or NOTHING
