"""What is left of digests after their year: numbers of each day."""

from __future__ import annotations

from typing import Any

from django.contrib import admin

from digest.admin.evidence import EvidenceMixin
from digest.models import OutcomeCount


@admin.register(OutcomeCount)
class OutcomeCountAdmin(EvidenceMixin, admin.ModelAdmin[Any]):
    """How many digests of a day ended where."""

    list_display = ["day", "cadence", "outcome", "reason", "count"]
    list_filter = ["cadence", "outcome"]
    date_hierarchy = "day"
    fields = ["day", "cadence", "outcome", "reason", "count"]
