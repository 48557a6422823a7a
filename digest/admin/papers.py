"""Papers in the admin: found, picked for a day with a note, hidden, shown again.

What a feed said is text to read here; only the curators' own words can be changed.
"""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.forms import BaseModelFormSet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest import curating
from digest.admin.asking import MOST_ROWS, answers, ask
from digest.admin.evidence import staff_member
from digest.admin.merges import EventInline
from digest.admin.paper_columns import PaperColumns
from digest.admin.paper_filters import HiddenFilter, PickedFilter, SourceFilter
from digest.admin.paper_forms import HideForm, PicksForm
from digest.admin.picks import HiddenInline, PickInline
from digest.admin.same_work import SameWork
from digest.models import HiddenPaper, Match, Paper, Pick
from digest.pipeline.match.strictness import wanted
from digest.sources import arxiv_id

PAPER_FIELDS = ["title", "author_line", "category_line", "abstract", "topic_lines"]
FEED_FIELDS = [
    "announced_on",
    "is_withdrawn",
    "arxiv_id",
    "version",
    "doi",
    "url",
    "organisation",
    "journal_ref",
    "license_url",
    "upvotes",
    "comment_count",
    "signal_lines",
    "first_seen_at",
    "changed_at",
]


@admin.register(Paper)
class PaperAdmin(SameWork, PaperColumns, admin.ModelAdmin[Paper]):
    """Every paper taken in, newest first."""

    list_display = [
        "title",
        "is_picked",
        "is_hidden",
        "primary_category",
        "day",
        "votes",
        "comments",
        "topic_count",
    ]
    list_filter = [
        "announced_on",
        SourceFilter,
        PickedFilter,
        HiddenFilter,
        "is_withdrawn",
    ]
    date_hierarchy = "announced_on"
    # What is searched stands in get_search_results; this makes the box appear.
    search_fields = ["title", "arxiv_id", "authors"]
    search_help_text = gettext_lazy(
        "Words of the title, an arXiv id or link, an author"
    )
    show_full_result_count = False
    list_per_page = 50
    inlines = [PickInline, HiddenInline, EventInline]
    actions = ["pick", "hide", "show_again", "same_work"]
    fieldsets = [
        (None, {"fields": [*PAPER_FIELDS]}),
        (gettext_lazy("From the feed"), {"fields": [*FEED_FIELDS]}),
    ]
    readonly_fields = [*PAPER_FIELDS, *FEED_FIELDS]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Paper]:
        """Works with their marks, found with the rows, not row by row.

        A row merged into another is found at the merges.
        """
        matches = Match.objects.filter(wanted(), paper=OuterRef("pk")).order_by()
        counted = matches.values("paper").annotate(rows=Count("pk")).values("rows")
        return (
            super()
            .get_queryset(request)
            .filter(merged_into=None)
            .annotate(
                topic_count=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
                is_picked=Exists(Pick.objects.filter(paper=OuterRef("pk"))),
                is_hidden=Exists(HiddenPaper.objects.filter(paper=OuterRef("pk"))),
            )
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Paper], search_term: str
    ) -> tuple[QuerySet[Paper], bool]:
        """Find by arXiv id in any of its spellings, or by all the words given."""
        bare_id, _version = arxiv_id.split(search_term)
        if bare_id:
            return queryset.filter(arxiv_id=bare_id), False
        for word in search_term.split():
            queryset = queryset.filter(_says(word))
        return queryset, False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Papers come from sources."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A deleted paper would come back, and reach its readers twice: hide it."""
        return False

    def has_pick_permission(self, request: HttpRequest) -> bool:
        """Asked for the action `pick`."""
        return request.user.has_perm("digest.add_pick")

    def has_hide_permission(self, request: HttpRequest) -> bool:
        """Asked for the action `hide`."""
        return request.user.has_perm("digest.add_hiddenpaper")

    def has_show_permission(self, request: HttpRequest) -> bool:
        """Asked for the action `show_again`."""
        return request.user.has_perm("digest.delete_hiddenpaper")

    def view_on_site(self, obj: Paper) -> str:
        """Link to the paper's own page."""
        return obj.get_absolute_url()

    def save_model(
        self, request: HttpRequest, obj: Paper, form: Any, change: Any
    ) -> None:
        """Leave the row to its feed, which may have changed it meanwhile."""

    def save_formset(
        self,
        request: HttpRequest,
        form: Any,
        formset: BaseModelFormSet[Any, Any],
        change: Any,
    ) -> None:
        """Sign what is new with the curator's name."""
        for row in formset.forms:
            if row.instance.pk is None:
                row.instance.curator = staff_member(request)
        super().save_formset(request, form, formset, change)

    @admin.action(description=gettext_lazy("Pick for today"), permissions=["pick"])
    def pick(
        self, request: HttpRequest, queryset: QuerySet[Paper]
    ) -> TemplateResponse | None:
        """Ask a day and one note a paper, then write the picks."""
        papers = self._few(request, queryset)
        shown = list(Paper.objects.shown().filter(pk__in=[p.pk for p in papers]))
        if len(shown) < len(papers):
            words = _("Papers that are hidden or not announced yet are left out.")
            self.message_user(request, words, messages.WARNING)
        if not shown:
            return None
        form = PicksForm(answers(request), papers=shown, today=timezone.localdate())
        if not form.is_valid():
            return ask(self, request, form, shown)
        for made in form.save(staff_member(request), timezone.now()):
            self.log_change(
                request,
                made.paper,
                _("Picked for {day}: {note}").format(
                    day=made.picked_on, note=made.note
                ),
            )
        self._say_done(
            request,
            ngettext("{} paper picked.", "{} papers picked.", len(shown)),
            shown,
        )
        return None

    @admin.action(description=gettext_lazy("Hide"), permissions=["hide"])
    def hide(
        self, request: HttpRequest, queryset: QuerySet[Paper]
    ) -> TemplateResponse | None:
        """Ask the reason, then hide."""
        papers = self._few(request, queryset)
        if not papers:
            return None
        form = HideForm(answers(request))
        if not form.is_valid():
            return ask(self, request, form, papers)
        hidden = form.save(papers, staff_member(request), timezone.now())
        words = _("Hidden: {reason}").format(reason=form.cleaned_data["reason"])
        for paper in hidden:
            self.log_change(request, paper, words)
        self._say_done(
            request,
            ngettext("{} paper hidden.", "{} papers hidden.", len(hidden)),
            hidden,
        )
        return None

    @admin.action(description=gettext_lazy("Show again"), permissions=["show"])
    def show_again(self, request: HttpRequest, queryset: QuerySet[Paper]) -> None:
        """Undo the hiding."""
        papers = list(queryset.filter(hidden__isnull=False))
        curator, now = staff_member(request), timezone.now()
        for paper in papers:
            curating.show(curating.seat_of(paper, curator, now), paper.pk)
            self.log_change(request, paper, _("Shown again."))
        self._say_done(
            request,
            ngettext("{} paper shown again.", "{} papers shown again.", len(papers)),
            papers,
        )

    def _few(self, request: HttpRequest, queryset: QuerySet[Paper]) -> list[Paper]:
        """The chosen papers; none, with words, if they are too many to look at."""
        papers = list(queryset[: MOST_ROWS + 1])
        if len(papers) <= MOST_ROWS:
            return papers
        self.message_user(
            request,
            _("Choose at most {} papers at once.").format(MOST_ROWS),
            messages.ERROR,
        )
        return []

    def _say_done(
        self, request: HttpRequest, sentence: str, papers: list[Paper]
    ) -> None:
        self.message_user(request, sentence.format(len(papers)), messages.SUCCESS)


def _says(word: str) -> Q:
    """Papers with the word in title, id or an author's name.

    SQLite keeps JSON as text in ASCII: there "Müller" is written "M\\u00fcller".
    """
    escaped = json.dumps(word)[1:-1]
    return (
        Q(title__icontains=word)
        | Q(arxiv_id__icontains=word)
        | Q(authors__icontains=word)
        | Q(authors__icontains=escaped)
    )
