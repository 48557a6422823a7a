"""Sources and their batches: health at a glance, the last errors, fetching now."""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest import tasks
from digest.admin import source_check, source_lists
from digest.admin.evidence import NOTHING, EvidenceMixin
from digest.admin.source_form import SourceForm
from digest.models import Batch, Source
from digest.pipeline.plan.coverage import FRESH_HOURS
from digest.pipeline.watch import health

SHOWN_BATCHES = 10
SHOWN_ERROR = 160

UNFINISHED = {
    Batch.Status.PARTIAL: gettext_lazy("incomplete so far"),
    Batch.Status.WAITING: gettext_lazy("awaited"),
    Batch.Status.REPEATED: gettext_lazy("awaited"),
}


class BatchLines:
    """Batches in words, for the list and for the source's page."""

    @admin.display(description=gettext_lazy("by announce type"))
    def count_line(self, obj: Batch) -> str:
        """How many entries of each announce type."""
        return ", ".join(f"{name} {n}" for name, n in obj.counts.items()) or NOTHING

    @admin.display(description=gettext_lazy("problems"))
    def problem_lines(self, obj: Batch) -> SafeString | str:
        """What had to be left out, one a line."""
        lines = ((str(problem),) for problem in obj.problems)
        return format_html_join("", "<div>{}</div>", lines) or NOTHING


BATCH_FIELDS = [
    "announced_on",
    "status",
    "entry_count",
    "count_line",
    "problem_lines",
    "received_at",
]


class BatchInline(EvidenceMixin, BatchLines, admin.TabularInline[Batch, Source]):
    """The last batches of a source."""

    model = Batch
    extra = 0
    fields = [*BATCH_FIELDS]
    verbose_name_plural = gettext_lazy("last batches")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Batch]:
        """Name the last ones by key: a slice could not be filtered by source."""
        last = Batch.objects.filter(source=OuterRef("source")).order_by("-announced_on")
        rows = super().get_queryset(request)
        return rows.filter(pk__in=last.values("pk")[:SHOWN_BATCHES])


HEALTH_FIELDS = [
    "health",
    "standing",
    "last_tried_at",
    "last_succeeded_at",
    "next_fetch_at",
    "failure_count",
    "error",
]


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin[Source]):
    """All sources with their health."""

    form = SourceForm
    list_display = [
        "name",
        "kind",
        "health",
        "last_succeeded_at",
        "last_batch",
        "error_line",
        "next_fetch_at",
    ]
    list_filter = ["is_active", "kind"]
    search_fields = ["name", "slug", "address"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [BatchInline]
    actions = ["fetch_now"]
    fields = [*SourceForm.Meta.fields, *HEALTH_FIELDS]
    readonly_fields = HEALTH_FIELDS

    def get_urls(self) -> list[URLPattern]:
        """Add the pages beside the list."""
        own = [*source_check.pages(self), *source_lists.pages(self)]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Bring the last batch's day and size with the rows."""
        batches = Batch.objects.filter(source=OuterRef("pk")).order_by("-announced_on")
        return (
            super()
            .get_queryset(request)
            .annotate(
                last_batch_on=Subquery(batches.values("announced_on")[:1]),
                last_batch_count=Subquery(batches.values("entry_count")[:1]),
                last_batch_status=Subquery(batches.values("status")[:1]),
            )
        )

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        """A source that is being made has no batches."""
        return list(self.inlines) if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A source that brought anything is switched off: its batches are evidence."""
        is_unused = isinstance(obj, Source) and not obj.batches.exists()
        return is_unused and super().has_delete_permission(request, obj)

    def save_model(
        self, request: HttpRequest, obj: Source, form: Any, change: Any
    ) -> None:
        """Write what was edited, and nothing that a fetch may write meanwhile."""
        if change:
            fields = set(form.changed_data)
            if "address" in fields:
                # What was kept of the old address says nothing about the new one.
                obj.etag = obj.last_modified = ""
                fields |= {"etag", "last_modified"}
            obj.save(update_fields=fields)
            return
        obj.next_fetch_at = timezone.now()
        obj.save()
        if obj.is_active:
            tasks.wake(tasks.ingest_source, obj.pk)

    @admin.action(description=gettext_lazy("Fetch now"), permissions=["change"])
    def fetch_now(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Make active sources due, and ring for a worker."""
        sources = list(queryset.filter(is_active=True))
        if len(sources) < queryset.count():
            words = _("Sources that are switched off are not fetched.")
            self.message_user(request, words, messages.WARNING)
        for source in sources:
            Source.objects.filter(pk=source.pk).update(next_fetch_at=timezone.now())
            self.log_change(request, source, _("Asked for a fetch."))
            tasks.wake(tasks.ingest_source, source.pk)
        sentence = ngettext(
            "{} source is being fetched.", "{} sources are being fetched.", len(sources)
        )
        self.message_user(request, sentence.format(len(sources)), messages.SUCCESS)

    @admin.display(description=gettext_lazy("health"))
    def health(self, obj: Any) -> str:
        """A few words; the error itself stands beside them."""
        words = self._state(obj)
        if obj.is_active and obj.told_late_at:
            return _("{state}, late").format(state=words)
        return words

    def _state(self, obj: Any) -> str:
        if not obj.is_active:
            return _("switched off")
        if obj.failure_count:
            sentence = ngettext(
                "{} failure in a row", "{} failures in a row", obj.failure_count
            )
            return sentence.format(obj.failure_count)
        if obj.kind == "sample":
            return _("not fetched")
        if obj.last_succeeded_at is None:
            return _("not fetched yet")
        if obj.last_succeeded_at < timezone.now() - timedelta(hours=FRESH_HOURS):
            return _("silent")
        return str(UNFINISHED.get(obj.last_batch_status, _("well")))

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, obj: Source) -> str:
        """What its lists are, as the status page shows it."""
        found = Source.objects.filter(pk=obj.pk)
        states = health.describe_sources(found, timezone.now())
        if not states:
            return NOTHING
        context = {"source": states[0]}
        return render_to_string("digest/_source_facts.html", context, using="html")

    @admin.display(description=gettext_lazy("last batch"), ordering="last_batch_on")
    def last_batch(self, obj: Any) -> str:
        """Day and number of entries."""
        if obj.last_batch_on is None:
            return NOTHING
        day = date_format(obj.last_batch_on, "SHORT_DATE_FORMAT")
        return _("{day}: {count} papers").format(day=day, count=obj.last_batch_count)

    @admin.display(description=gettext_lazy("last error"))
    def error_line(self, obj: Source) -> str:
        """The beginning of the error; all of it is on the source's page."""
        return obj.error[:SHOWN_ERROR] or NOTHING


@admin.register(Batch)
class BatchAdmin(EvidenceMixin, BatchLines, admin.ModelAdmin[Batch]):
    """Every batch of every source, newest first."""

    list_display = ["source", *BATCH_FIELDS]
    list_filter = ["status", "source"]
    list_select_related = ["source"]
    date_hierarchy = "announced_on"
    fields = ["source", *BATCH_FIELDS]
    show_full_result_count = False
