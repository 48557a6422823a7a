"""The filters beside the list of papers."""

# ruff: noqa: ARG002 - Django fixes the signatures

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from digest.models import Announcement, HiddenPaper, Paper, Pick, Source

Choices = list[tuple[str, str]]


class SourceFilter(admin.SimpleListFilter):
    """Papers that one source listed."""

    title = _("source")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """All sources, by name."""
        return list(Source.objects.values_list("slug", "name"))

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Paper]
    ) -> QuerySet[Paper]:
        """Ask for a listing row, so that a paper listed twice stays one row."""
        if not self.value():
            return queryset
        listed = Announcement.objects.filter(
            paper=OuterRef("pk"), batch__source__slug=self.value()
        )
        return queryset.filter(Exists(listed))


class PickedFilter(admin.SimpleListFilter):
    """Papers picked for today, for any day, or never."""

    title = _("picked")
    parameter_name = "picked"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Today is the first question of a curator's day."""
        return [
            ("today", gettext("For today")),
            ("yes", gettext("For any day")),
            ("no", gettext("Never")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Paper]
    ) -> QuerySet[Paper]:
        """By the rows of picks."""
        picks = Pick.objects.filter(paper=OuterRef("pk"))
        if self.value() == "today":
            return queryset.filter(Exists(picks.filter(picked_on=timezone.localdate())))
        if self.value() == "yes":
            return queryset.filter(Exists(picks))
        if self.value() == "no":
            return queryset.filter(~Exists(picks))
        return queryset


class HiddenFilter(admin.SimpleListFilter):
    """Papers that curators hid, or did not."""

    title = _("hidden")
    parameter_name = "hidden"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        """Yes or no."""
        return [("yes", gettext("Yes")), ("no", gettext("No"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Paper]
    ) -> QuerySet[Paper]:
        """By the rows of hidden papers."""
        hidden = HiddenPaper.objects.filter(paper=OuterRef("pk"))
        if self.value() == "yes":
            return queryset.filter(Exists(hidden))
        if self.value() == "no":
            return queryset.filter(~Exists(hidden))
        return queryset
