"""Deliveries with their attempts, and what providers reported of them.

A delivery is read only. The one thing staff can say about it is that an uncertain
one was sent after all; `states.settle` decides whether that still holds.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest.admin.asking import AskForm, answers, ask
from digest.admin.digests import DueDayFilter
from digest.admin.evidence import NOTHING, EvidenceMixin, mask_reader, staff_member
from digest.admin.summary import (
    SUMMARY_DAYS,
    count_places,
    count_reports,
    gravest,
)
from digest.models import Attempt, Delivery, DeliveryEvent, SendingHold
from digest.pipeline import states

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


class SettleForm(AskForm):
    """What makes the operator sure."""

    action = "settle"
    title = gettext_lazy("Settle uncertain deliveries as sent")
    button = gettext_lazy("They were sent")

    words = forms.CharField(
        label=gettext_lazy("How do you know?"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Kept with your name as evidence. This cannot be taken back."
        ),
    )


@admin.register(Delivery)
class DeliveryAdmin(EvidenceMixin, admin.ModelAdmin[Delivery]):
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
    actions = ["settle"]
    fields = [
        "reader",
        "digest_link",
        "state",
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

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Asked for the action `settle`, the one change there is."""
        return request.user.has_perm("digest.change_delivery")

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
            "holds": SendingHold.objects.filter(released_at__isnull=True),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    @admin.action(description=gettext_lazy("Settle as sent"), permissions=["settle"])
    def settle(
        self, request: HttpRequest, queryset: QuerySet[Delivery]
    ) -> TemplateResponse | None:
        """Ask how the operator knows, then settle what is still uncertain."""
        uncertain = queryset.filter(state=Delivery.State.UNCERTAIN)
        if not uncertain:
            words = _("None of them is uncertain; nothing else can be settled.")
            self.message_user(request, words, messages.ERROR)
            return None
        form = SettleForm(answers(request))
        if not form.is_valid():
            return ask(self, request, form, uncertain)
        operator = staff_member(request).get_username()
        evidence = f"{operator}: {form.cleaned_data['words']}"
        settled = [
            delivery
            for delivery in uncertain
            if states.settle(delivery.pk, evidence, timezone.now())
        ]
        for delivery in settled:
            self.log_change(request, delivery, _("Settled as sent: ") + evidence)
        sentence = ngettext(
            "{} delivery settled.", "{} deliveries settled.", len(settled)
        )
        self.message_user(request, sentence.format(len(settled)), messages.SUCCESS)
        return None

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
