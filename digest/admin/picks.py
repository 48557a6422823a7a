"""What curators said: the picks in their order, and the papers kept out.

What is done here is written down at the desk of the day, too.
"""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from digest import curating
from digest.admin import today
from digest.admin.evidence import EvidenceMixin, staff_member
from digest.models import DeskChange, HiddenPaper, Paper, Pick

LONG_LINE = forms.TextInput(attrs={"class": "vLargeTextField"})


class PickInline(admin.TabularInline[Pick, Paper]):
    """The days a paper is picked for, on its own page."""

    model = Pick
    extra = 1
    fields = ["picked_on", "note", "position", "curator"]
    readonly_fields = ["curator"]


class HiddenInline(admin.TabularInline[HiddenPaper, Paper]):
    """Why a paper is hidden, on its own page; deleting the line shows it again."""

    model = HiddenPaper
    fields = ["reason", "curator"]
    readonly_fields = ["curator"]


class PickForm(forms.ModelForm[Pick]):
    """A pick typed by hand."""

    class Meta:
        model = Pick
        fields = ["paper", "picked_on", "note", "position"]
        widgets = {"note": LONG_LINE}

    def clean_paper(self) -> Paper:
        """Refuse a paper that no digest would show."""
        paper: Paper = self.cleaned_data["paper"]
        if not Paper.objects.shown().filter(pk=paper.pk).exists():
            raise ValidationError(
                _("This paper is hidden or not announced yet: no digest would show it.")
            )
        return paper


@admin.register(Pick)
class PickAdmin(admin.ModelAdmin[Pick]):
    """All picks; place and note are edited in the list, lowest number first."""

    form = PickForm
    list_display = ["position", "paper", "note", "picked_on", "curator"]
    list_display_links = ["paper"]
    list_editable = ["position", "note"]
    list_filter = ["picked_on"]
    list_select_related = ["paper", "curator"]
    date_hierarchy = "picked_on"
    search_fields = ["paper__title", "note"]
    ordering = ["-picked_on", "position", "pk"]
    raw_id_fields = ["paper"]
    fields = ["paper", "picked_on", "note", "position", "curator"]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        """Add the desk of a day."""
        return [*today.pages(self), *super().get_urls()]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Pick | None = None
    ) -> list[str]:
        """A pick stays with its paper."""
        return ["paper", "curator"] if obj else ["curator"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Most picks are for today."""
        return {
            "picked_on": timezone.localdate(),
            **super().get_changeform_initial_data(request),
        }

    def save_model(
        self, request: HttpRequest, obj: Pick, form: Any, change: Any
    ) -> None:
        """Sign what is new; write only what was edited."""
        if change:
            obj.save(update_fields=form.changed_data)
        else:
            obj.curator = staff_member(request)
            obj.save()
        if not change:
            record_pick(request, DeskChange.Kind.PICK, obj)
        elif "note" in form.changed_data:
            record_pick(request, DeskChange.Kind.NOTE, obj)
        elif form.changed_data:
            record_pick(request, DeskChange.Kind.ORDER, obj)

    def delete_model(self, request: HttpRequest, obj: Pick) -> None:
        """Take the pick back."""
        record_pick(request, DeskChange.Kind.UNPICK, obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Pick]) -> None:
        """Take the picks back."""
        for obj in queryset.select_related("paper"):
            record_pick(request, DeskChange.Kind.UNPICK, obj)
        super().delete_queryset(request, queryset)


@admin.register(DeskChange)
class DeskChangeAdmin(EvidenceMixin, admin.ModelAdmin[Any]):
    """Whatever curators did at the desks of the days, the last first."""

    list_display = ["made_at", "curator", "kind", "paper", "words", "desk"]
    list_filter = ["kind", "desk__day"]
    list_select_related = ["curator", "paper", "desk"]
    search_fields = ["paper__title", "words"]
    show_full_result_count = False
    list_per_page = 50
    fields = ["made_at", "curator", "kind", "paper", "words", "desk", "version"]


def record_pick(request: HttpRequest, kind: DeskChange.Kind, pick: Pick) -> None:
    """Write down at the desk of its day what became of a pick."""
    seat = curating.Seat(staff_member(request), pick.picked_on, timezone.now())
    curating.record(seat, kind, pick.paper, pick.note)
