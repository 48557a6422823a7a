"""Deliveries with their attempts, and what providers reported of them.

A delivery is read only. What an operator can say about some stands in
`delivery_actions`, what a day's deliveries have come to in `run`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from digest.admin import run, statistics
from digest.admin.delivery_actions import ActionsMixin
from digest.admin.digests import DueDayFilter
from digest.admin.evidence import NOTHING, EvidenceMixin, mask_reader
from digest.admin.summary import (
    SUMMARY_DAYS,
    count_places,
    count_reports,
    gravest,
)
from digest.models import Attempt, Delivery, DeliveryEvent, SendingHold

EVENT_FIELDS = ["provider", "event_type", "reject_reason", "happened_at", "received_at"]


class DeliveryDayFilter(DueDayFilter):
    """Deliveries by the day their digest was due."""

    field = "digest__due_at"


class AttemptInline(EvidenceMixin, admin.TabularInline[Attempt, Delivery]):
    """Each try to hand the mail over."""

    model = Attempt
    extra = 0
    fields = ["number", "started_at", "worker", "phase", "outcome", "detail"]


class EventInline(EvidenceMixin, admin.TabularInline[DeliveryEvent, Delivery]):
    """What the provider reported later."""

    model = DeliveryEvent
    extra = 0
    fields = [*EVENT_FIELDS]


@admin.register(Delivery)
class DeliveryAdmin(ActionsMixin, EvidenceMixin, admin.ModelAdmin[Delivery]):
    """Every delivery, the last planned first."""

    list_display = [
        "due_at",
        "reader",
        "state",
        "reported",
        "reason",
        "attempt_count",
        "next_attempt_at",
        "settled_at",
    ]
    list_filter = ["state", DeliveryDayFilter]
    list_select_related = ["digest__user"]
    search_fields = [
        "=digest__user__email",
        "=message_id",
        "=provider_id",
        "=public_id",
    ]
    search_help_text = gettext_lazy("The reader's whole address, or an id of the mail")
    ordering = ["-pk"]
    show_full_result_count = False
    inlines = [AttemptInline, EventInline]
    fields = [
        "reader",
        "digest_link",
        "state",
        "held_at",
        "reported",
        "reason",
        "evidence",
        "attempt_count",
        "next_attempt_at",
        "expires_at",
        "settled_at",
        "edition",
        "dated_at",
        "message_id",
        "provider_id",
        "content_hash",
    ]

    def get_urls(self) -> list[URLPattern]:
        """With the page of a day's run."""
        return [*run.pages(self), *statistics.pages(self), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With a button for each thing that can be said of it."""
        delivery = self.get_object(request, object_id)
        said = self.buttons_for(request, delivery) if delivery else []
        context = {"buttons": said, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        """With what providers reported, which a column shows."""
        return super().get_queryset(request).prefetch_related("events")

    def view_on_site(self, obj: Delivery) -> str:
        """Link to the digest's web page."""
        return obj.digest.get_absolute_url()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Put the sums of the last days, and what holds sending, above the list."""
        since = timezone.now() - timedelta(days=SUMMARY_DAYS)
        context = {
            "summary": count_places(since),
            "reports": count_reports(since),
            "summary_days": SUMMARY_DAYS,
            "lacks_address": not settings.DIGEST_POSTAL_ADDRESS,
            "holds": SendingHold.objects.filter(released_at__isnull=True),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    @admin.display(description=gettext_lazy("reported"))
    def reported(self, obj: Delivery) -> str:
        """What became of it after that, by the provider's word."""
        return gravest({event.event_type for event in obj.events.all()}) or NOTHING

    @admin.display(description=gettext_lazy("due"))
    def due_at(self, obj: Delivery) -> Any:
        """When the digest was due."""
        return obj.digest.due_at

    @admin.display(description=gettext_lazy("reader"))
    def reader(self, obj: Delivery) -> str:
        """The masked address."""
        return mask_reader(obj.digest.user)

    @admin.display(description=gettext_lazy("digest"))
    def digest_link(self, obj: Delivery) -> SafeString:
        """The way to the digest."""
        address = reverse("admin:digest_digest_change", args=[obj.digest_id])
        return format_html('<a href="{}">{}</a>', address, obj.digest)


@admin.register(DeliveryEvent)
class DeliveryEventAdmin(EvidenceMixin, admin.ModelAdmin[DeliveryEvent]):
    """Every report, also of mails that are not known here."""

    list_display = [
        "received_at",
        "provider",
        "event_type",
        "reject_reason",
        "delivery",
    ]
    list_filter = [
        "event_type",
        "provider",
        ("delivery", admin.EmptyFieldListFilter),
    ]
    fields = [*EVENT_FIELDS, "delivery"]
    list_select_related = ["delivery"]
    show_full_result_count = False
