"""Which papers were found to be one work, and the way back; what became of works."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest.admin.evidence import EvidenceMixin, staff_member
from digest.models import Merge, Paper, PaperEvent
from digest.pipeline.merges import MergeRefusedError, undo_merge


class EventInline(EvidenceMixin, admin.TabularInline[PaperEvent, Paper]):
    """What the sources told of the paper after it was first announced."""

    model = PaperEvent
    extra = 0
    fields = ["happened_on", "kind", "version", "detail", "source"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaperEvent]:
        """Bring the source along."""
        return super().get_queryset(request).select_related("source", "paper")


@admin.register(Merge)
class MergeAdmin(EvidenceMixin, admin.ModelAdmin[Any]):
    """Every merge, the last first. It can be undone, and never edited or deleted."""

    list_display = ["kept", "merged", "reason", "merged_at", "undone_at", "undone_by"]
    list_filter = ["reason", ("undone_at", admin.EmptyFieldListFilter)]
    list_select_related = ["kept", "merged", "undone_by"]
    date_hierarchy = "merged_at"
    search_fields = ["kept__title", "merged__title", "key"]
    show_full_result_count = False
    list_per_page = 50
    actions = ["undo"]
    fields = [
        "kept",
        "kept_id_line",
        "merged",
        "merged_id_line",
        "reason",
        "key",
        "merged_at",
        "undone_at",
        "undone_by",
    ]

    def has_undo_permission(self, request: HttpRequest) -> bool:
        """Asked for the action `undo`."""
        return request.user.has_perm("digest.change_merge")

    @admin.display(description=gettext_lazy("id of the paper that is shown"))
    def kept_id_line(self, obj: Merge) -> str:
        """By what the sources know it."""
        return obj.kept.canonical_id

    @admin.display(description=gettext_lazy("id of the paper that is not"))
    def merged_id_line(self, obj: Merge) -> str:
        """By what the sources know it."""
        return obj.merged.canonical_id

    @admin.action(
        description=gettext_lazy("Undo: these are different works"),
        permissions=["undo"],
    )
    def undo(self, request: HttpRequest, queryset: QuerySet[Merge]) -> None:
        """Part the papers, the last merged first, and note it at each of them."""
        user, undone = staff_member(request), 0
        for row in queryset.order_by("-pk"):
            try:
                made = undo_merge(row.pk, user=user, now=timezone.now())
            except MergeRefusedError as error:
                self.message_user(request, str(error), messages.WARNING)
                continue
            undone += 1
            self._note(request, made)
        words = ngettext("{} merge undone.", "{} merges undone.", undone)
        self.message_user(request, words.format(undone), messages.SUCCESS)

    def _note(self, request: HttpRequest, made: Merge) -> None:
        self.log_change(request, made, _("Undone."))
        for paper, other in ((made.kept, made.merged), (made.merged, made.kept)):
            words = _("Is not the same work as {other}.")
            self.log_change(request, paper, words.format(other=other.canonical_id))
