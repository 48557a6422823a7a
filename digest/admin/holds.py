"""The kill switch, and signs of life."""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest.admin.evidence import EvidenceMixin
from digest.models import Heartbeat, SendingHold


class HoldForm(forms.ModelForm[SendingHold]):
    """Why nothing may leave."""

    class Meta:
        model = SendingHold
        fields = ["reason"]
        widgets = {"reason": forms.TextInput(attrs={"class": "vLargeTextField"})}

    def clean_reason(self) -> str:
        """Keep one open hold a reason, as the table does."""
        words = str(self.cleaned_data["reason"])
        if SendingHold.objects.filter(reason=words, released_at__isnull=True).exists():
            raise forms.ValidationError(
                _("Sending is on hold for this reason already.")
            )
        return words


@admin.register(SendingHold)
class SendingHoldAdmin(admin.ModelAdmin[SendingHold]):
    """The kill switch: add a hold and no mail leaves; release it to go on."""

    form = HoldForm
    list_display = ["reason", "held_at", "released_at"]
    list_filter = [("released_at", admin.EmptyFieldListFilter)]
    ordering = ["-held_at"]
    fields = ["reason", "held_at", "released_at"]
    actions = ["release"]

    def get_readonly_fields(
        self, request: HttpRequest, obj: SendingHold | None = None
    ) -> list[str]:
        """A hold is released, never rewritten."""
        times = ["held_at", "released_at"]
        return ["reason", *times] if obj else times

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """That sending was held stays written down."""
        return False

    def save_model(
        self, request: HttpRequest, obj: SendingHold, form: Any, change: Any
    ) -> None:
        """Hold from now on."""
        if not change:
            obj.held_at = timezone.now()
            obj.save()

    @admin.action(description=gettext_lazy("Release"), permissions=["change"])
    def release(self, request: HttpRequest, queryset: QuerySet[SendingHold]) -> None:
        """Let mail leave again."""
        held = list(queryset.filter(released_at__isnull=True))
        SendingHold.objects.filter(pk__in=[hold.pk for hold in held]).update(
            released_at=timezone.now()
        )
        for hold in held:
            self.log_change(request, hold, _("Released."))
        sentence = ngettext("{} hold released.", "{} holds released.", len(held))
        self.message_user(request, sentence.format(len(held)), messages.SUCCESS)


@admin.register(Heartbeat)
class HeartbeatAdmin(EvidenceMixin, admin.ModelAdmin[Heartbeat]):
    """When beat, sweep, workers and ingest were last seen."""

    list_display = ["name", "beat_at"]
    fields = ["name", "beat_at"]
    ordering = ["name"]
