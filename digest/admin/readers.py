"""Readers at the desk: found by their whole address, and what became of their mails.

Addresses are masked, as in every list here, except to those who may look at people.
Nothing can be changed: what readers order is theirs to change.
"""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext_lazy

from accounts.models import AddressError, parse_address
from digest.admin import reader_imports
from digest.admin.evidence import NOTHING, EvidenceMixin, mask_reader
from digest.admin.reader_history import read_history
from digest.models import Reader


@admin.register(Reader)
class ReaderAdmin(EvidenceMixin, admin.ModelAdmin[Reader]):
    """People with a schedule, the newest first."""

    list_display = ["shown_address", "since", "cadence", "next_digest", "standing"]
    list_filter = [
        "schedule__cadence",
        ("schedule__ended_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["schedule"]
    search_fields = ["=email"]
    search_help_text = gettext_lazy("The reader's whole address")
    ordering = ["-pk"]
    actions = None  # their checkboxes would name the address
    show_full_result_count = False
    change_form_template = "admin/digest/reader/history.html"
    change_list_template = "admin/digest/reader/change_list.html"
    fields = ["shown_address", "since"]

    def get_urls(self) -> list[URLPattern]:
        """With the pages that invite."""
        return [*reader_imports.pages(self), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reader]:
        """People who get digests, or did."""
        return super().get_queryset(request).filter(schedule__isnull=False)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Reader], search_term: str
    ) -> tuple[QuerySet[Reader], bool]:
        """Find by any way of writing the address, and by no part of it."""
        if not search_term:
            return queryset, False
        try:
            key = parse_address(search_term).key
        except AddressError:
            return queryset.none(), False
        return queryset.filter(email_key=key), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the way to the invitations, for those who may invite."""
        context = {
            "may_invite": reader_imports.may_invite(request),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The reader's history."""
        reader = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if reader:
            sees_address = request.user.has_perm("accounts.view_user")
            context |= {
                "history": read_history(reader, request.GET.get("page", 1)),
                "address": reader.email if sees_address else mask_reader(reader),
                "title": mask_reader(reader),
                # Django's own is the address.
                "subtitle": "",
            }
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=gettext_lazy("reader"))
    def shown_address(self, obj: Reader) -> str:
        """The masked address."""
        return mask_reader(obj)

    @admin.display(description=gettext_lazy("since"))
    def since(self, obj: Reader) -> Any:
        """When digests began."""
        return obj.schedule.created_at

    @admin.display(description=gettext_lazy("how often"))
    def cadence(self, obj: Reader) -> str:
        """The reader's rhythm."""
        return obj.schedule.get_cadence_display()

    @admin.display(description=gettext_lazy("next digest"))
    def next_digest(self, obj: Reader) -> Any:
        """When it is due."""
        return NOTHING if obj.schedule.ended_at else obj.schedule.next_due_at

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, obj: Reader) -> Any:
        """Left, or paused."""
        if obj.schedule.ended_at:
            return gettext_lazy("left")
        return gettext_lazy("paused") if obj.schedule.paused_until else NOTHING
