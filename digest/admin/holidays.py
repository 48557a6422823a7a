"""arXiv's holidays: the evenings without an announcement, kept as a calendar."""

from __future__ import annotations

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from digest.models import Holiday


@admin.register(Holiday)
class HolidayAdmin(admin.ModelAdmin[Holiday]):
    """All days of the calendar, the last first: a year is added at its beginning."""

    list_display = ["day", "weekday", "name"]
    search_fields = ["name", "day"]
    date_hierarchy = "day"
    ordering = ["-day"]
    fields = ["day", "name"]

    @admin.display(description=gettext_lazy("weekday"))
    def weekday(self, obj: Holiday) -> str:
        """On Fridays and Saturdays nothing is announced anyway."""
        return date_format(obj.day, "l")
