"""The queue of proposals: accepted, with a pick or without, or declined with a reason.

Proposals of one work stand in one line and are decided together.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import tasks as accounts_tasks
from digest import curating
from digest.admin import submission_trust
from digest.admin.asking import MOST_ROWS, answers, ask
from digest.admin.evidence import EvidenceMixin, mask_reader, staff_member
from digest.admin.submission_forms import AcceptForm, DeclineForm
from digest.models import Paper, Submission
from digest.reading import submitting


@admin.register(Submission)
class SubmissionAdmin(
    submission_trust.TrustColumn, EvidenceMixin, admin.ModelAdmin[Any]
):
    """One line a proposed work while it waits; whatever was decided stays readable."""

    list_display = [
        "__str__",
        "why",
        "proposals",
        "reader",
        "record",
        "state",
        "sent_at",
        "decided_by",
    ]
    list_filter = ["state", ("decided_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "decided_by"]
    search_fields = ["title", "url", "why"]
    show_full_result_count = False
    list_per_page = 50
    actions = ["accept", "decline"]
    fields = [
        "title",
        "link",
        "paper",
        "why",
        "credit",
        "reader",
        "state",
        "problem",
        "abstract",
        "sent_at",
        "decided_at",
        "decided_by",
        "reply",
        "pick",
    ]

    def get_urls(self) -> list[URLPattern]:
        """Add the page about a reader's proposals."""
        return [*submission_trust.pages(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        """Undecided works once, with how many proposed them."""
        alike = Submission.objects.filter(key=OuterRef("key")).order_by().values("key")
        counted = alike.annotate(rows=Count("pk")).values("rows")
        rows: QuerySet[Submission] = super().get_queryset(request)
        first = Submission.objects.first_of_each_work().values("pk")
        return submission_trust.with_record(rows.filter(pk__in=first)).annotate(
            proposal_count=Coalesce(Subquery(counted), 0)
        )

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Asked for the actions."""
        return request.user.has_perm("digest.change_submission")

    @admin.display(description=gettext_lazy("proposals"))
    def proposals(self, obj: Any) -> int:
        """How many readers proposed this work."""
        return int(obj.proposal_count)

    @admin.display(description=gettext_lazy("reader"))
    def reader(self, obj: Submission) -> str:
        """Masked, as staff see readers in lists."""
        return mask_reader(obj.user)

    @admin.display(description=gettext_lazy("address"))
    def link(self, obj: Submission) -> SafeString:
        """To the paper where the reader saw it."""
        return format_html(
            '<a href="{}" rel="noopener noreferrer nofollow">{}</a>', obj.url, obj.url
        )

    @admin.display(description=gettext_lazy("abstract"))
    def abstract(self, obj: Submission) -> str:
        """As the source has it, before the paper is taken in."""
        return str(obj.found.get("abstract", "")) if not obj.paper else ""

    @admin.action(description=gettext_lazy("Accept"), permissions=["decide"])
    def accept(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> TemplateResponse | None:
        """Ask for a day and the notes, then take the papers in."""
        rows = self._few(request, queryset)
        if not rows:
            return None
        form = AcceptForm(
            answers(request),
            rows=rows,
            today=timezone.localdate(),
            may_pick=request.user.has_perm("digest.add_pick"),
        )
        if not form.is_valid():
            return ask(self, request, form, rows)
        accepted = sum(self._accept(request, row, form) for row in rows)
        accounts_tasks.wake()
        words = ngettext("{} paper accepted.", "{} papers accepted.", accepted)
        self.message_user(request, words.format(accepted), messages.SUCCESS)
        return None

    @admin.action(description=gettext_lazy("Decline"), permissions=["decide"])
    def decline(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> TemplateResponse | None:
        """Ask for the reason, then have the readers mailed."""
        rows = self._few(request, queryset)
        if not rows:
            return None
        form = DeclineForm(answers(request))
        if not form.is_valid():
            return ask(self, request, form, rows)
        reason, count = form.cleaned_data["reason"], 0
        for row in rows:
            told = submitting.decline(
                row, staff_member(request), reason, now=timezone.now()
            )
            if told:
                count += told
                note = _("Declined: {reason}").format(reason=reason)
                self.log_change(request, row, note)
        accounts_tasks.wake()
        words = ngettext("{} proposal declined.", "{} proposals declined.", count)
        self.message_user(request, words.format(count), messages.SUCCESS)
        return None

    def _accept(self, request: HttpRequest, row: Submission, form: AcceptForm) -> bool:
        curator = staff_member(request)
        title = form.title_for(row)
        paper = submitting.accept(row, curator, title=title, now=timezone.now())
        if paper is None:
            return False
        note = _("Accepted.")
        if form.day and not Paper.objects.shown().filter(pk=paper.pk).exists():
            words = _("“{paper}” is hidden: it was accepted, and not picked.")
            self.message_user(request, words.format(paper=paper), messages.WARNING)
        elif form.day:
            seat = curating.Seat(curator, form.day, timezone.now())
            submitting.credit(row, curating.pick(seat, paper.pk, form.note_for(row)))
            note = _("Accepted and picked for {day}: {note}").format(
                day=form.day, note=form.note_for(row)
            )
        self.log_change(request, row, note)
        self.log_change(request, paper, note)
        return True

    def _few(
        self, request: HttpRequest, queryset: QuerySet[Submission]
    ) -> list[Submission]:
        """The chosen ones that are undecided; none, with words, if too many."""
        rows = list(queryset.filter(decided_at__isnull=True)[: MOST_ROWS + 1])
        if not rows:
            words = _("These are decided already.")
            self.message_user(request, words, messages.WARNING)
        if len(rows) > MOST_ROWS:
            words = _("Choose at most {} at once.").format(MOST_ROWS)
            self.message_user(request, words, messages.ERROR)
            return []
        return rows
