"""The kill switch, and signs of life.

A hold is released on a page that says what would go then, and asks why that is right:
a restored copy, whose readers have had their mails already, looks like any backlog.
"""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest.admin.asking import AskForm, answers, ask
from digest.admin.evidence import EvidenceMixin
from digest.models import Heartbeat, SendingHold
from digest.pipeline import gate


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


class ReleaseForm(AskForm):
    """Why it is right to go on, beside what would go."""

    action = "release"
    title = gettext_lazy("Let mail leave again")
    button = gettext_lazy("Release the hold")

    words = forms.CharField(
        label=gettext_lazy("Why is it right to go on?"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=gettext_lazy("Kept in the log with your name."),
    )

    @property
    def note(self) -> str:
        """What would go at once. A restored copy may have sent it before."""
        due = gate.count_due(timezone.now())
        return ngettext(
            "{count} digest is due and goes at once. Cancel first, in the list of "
            "deliveries, what must not go.",
            "{count} digests are due and go at once. Cancel first, in the list of "
            "deliveries, what must not go.",
            due,
        ).format(count=due)


@admin.register(SendingHold)
class SendingHoldAdmin(admin.ModelAdmin[SendingHold]):
    """The kill switch: add a hold and no mail leaves; release it to go on."""

    form = HoldForm
    change_form_template = "admin/digest/delivery/change_form.html"
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
    def release(
        self, request: HttpRequest, queryset: QuerySet[SendingHold]
    ) -> TemplateResponse | None:
        """Say what would go and ask why, then let mail leave again."""
        held = list(queryset.filter(released_at__isnull=True))
        form = ReleaseForm(answers(request))
        if held and not form.is_valid():
            return ask(self, request, form, held)
        SendingHold.objects.filter(pk__in=[hold.pk for hold in held]).update(
            released_at=timezone.now()
        )
        for hold in held:
            self.log_change(
                request, hold, _("Released.") + f" {form.cleaned_data['words']}"
            )
        sentence = ngettext("{} hold released.", "{} holds released.", len(held))
        self.message_user(request, sentence.format(len(held)), messages.SUCCESS)
        return None

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With the button that releases it."""
        hold = self.get_object(request, object_id)
        is_open = hold is not None and hold.released_at is None
        may_release = is_open and self.has_change_permission(request)
        buttons = [("release", ReleaseForm.button)] if may_release else []
        context = {"buttons": buttons, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)


@admin.register(Heartbeat)
class HeartbeatAdmin(EvidenceMixin, admin.ModelAdmin[Heartbeat]):
    """When beat, sweep, workers and ingest were last seen."""

    list_display = ["name", "beat_at"]
    fields = ["name", "beat_at"]
    ordering = ["name"]
