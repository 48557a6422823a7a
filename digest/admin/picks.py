"""What curators said: the picks in their order, and the papers kept out.

Picks are looked at here and changed at the desk of their day, where two curators
cannot overwrite each other.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import URLPattern, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from digest.admin import today
from digest.admin.evidence import EvidenceMixin
from digest.models import DeskChange, HiddenPaper, Paper, Pick


class PickRows(EvidenceMixin):
    """Picks as rows to look at, each with the way to the desk of its day."""

    @admin.display(description=_("The day's desk"))
    def desk(self, obj: Pick) -> str:
        """Where the pick can be changed, beside whatever others do there."""
        address = reverse("admin:digest_today", query={"day": obj.picked_on})
        return format_html('<a href="{}">{}</a>', address, _("Change at the desk"))


class PickInline(PickRows, admin.TabularInline[Pick, Paper]):
    """The days a paper is picked for, on its own page."""

    model = Pick
    fields = ["picked_on", "desk", "note", "position", "curator"]


class HiddenInline(admin.TabularInline[HiddenPaper, Paper]):
    """Why a paper is hidden, on its own page; deleting the line shows it again."""

    model = HiddenPaper
    fields = ["reason", "curator"]
    readonly_fields = ["curator"]


@admin.register(Pick)
class PickAdmin(PickRows, admin.ModelAdmin[Pick]):
    """All picks, the last day first, in the order of their day."""

    list_display = ["picked_on", "position", "desk", "paper", "note", "curator"]
    list_display_links = ["paper"]
    fields = ["paper", "picked_on", "note", "position", "curator", "desk"]
    list_filter = ["picked_on"]
    list_select_related = ["paper", "curator"]
    date_hierarchy = "picked_on"
    search_fields = ["paper__title", "note"]
    ordering = ["-picked_on", "position", "pk"]
    show_full_result_count = False

    def get_urls(self) -> list[URLPattern]:
        """Add the desk of a day."""
        return [*today.pages(self), *super().get_urls()]


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
