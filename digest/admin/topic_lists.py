"""Curated topics as a file at the desk: looked at first, then taken in; and given out.

What the second page sends back is the file itself: it is judged again, because topics
may have been changed between the two.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest import tasks
from digest.admin.page import show_page
from digest.curating.topic_files import (
    WRITTEN,
    Fate,
    StarterError,
    export_topics,
    judge,
    take_in,
)
from digest.models import Topic

MOST_BYTES = 500_000
"""A file travels to the page and back; a larger one is for the command line."""

FATE_NAMES = {
    Fate.NEW: gettext_lazy("new"),
    Fate.CHANGED: gettext_lazy("changed"),
    Fate.SAME: gettext_lazy("the same"),
    Fate.REFUSED: gettext_lazy("refused"),
}


class FileForm(forms.Form):
    """A file, or the text of one that was looked at."""

    file = forms.FileField(
        label=gettext_lazy("Topics (TOML)"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean(self) -> dict[str, Any]:
        """Judge what it says; say why if it cannot be read."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file: UploadedFile[bytes] | None = cleaned.get("file")
        if file and (file.size or 0) > MOST_BYTES:
            words = _("The file is larger than 500 kB: use “manage.py import_topics”.")
            raise ValidationError(words)
        try:
            if file:
                cleaned["text"] = file.read().decode()
            cleaned["judged"] = judge(cleaned.get("text", ""))
        except (UnicodeDecodeError, StarterError) as error:
            raise ValidationError(str(error)) from error
        return cleaned


def pages(model_admin: ModelAdmin[Topic]) -> list[URLPattern]:
    """The pages' addresses, inside the admin of topics."""
    wrap = model_admin.admin_site.admin_view
    return [
        path(
            "import/", wrap(partial(bring_in, model_admin)), name="digest_topic_import"
        ),
        path(
            "export/", wrap(partial(give_out, model_admin)), name="digest_topic_export"
        ),
    ]


def give_out(model_admin: ModelAdmin[Topic], request: HttpRequest) -> HttpResponse:
    """All curated topics as a file to download."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    text, _count = export_topics()
    name = f"topics-{timezone.localdate()}.toml"
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(
        text, content_type="application/toml; charset=utf-8", headers=named
    )


def bring_in(model_admin: ModelAdmin[Topic], request: HttpRequest) -> HttpResponseBase:
    """Ask for a file; show what it would change; do that when it is confirmed."""
    if not (
        model_admin.has_add_permission(request)
        and model_admin.has_change_permission(request)
    ):
        raise PermissionDenied
    is_sent = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
    judged = form.cleaned_data["judged"] if form.is_valid() else []
    if judged and "confirmed" in request.POST:
        _take_in(model_admin, request, judged)
        return redirect("admin:digest_topic_changelist")
    context = {
        "title": _("Import topics"),
        "form": form,
        "text": form.cleaned_data["text"] if judged else "",
        "rows": [(one, FATE_NAMES[one.fate]) for one in judged],
        "written": sum(one.fate in WRITTEN for one in judged),
    }
    return show_page(model_admin, request, "admin/digest/topic/import.html", context)


def _take_in(model_admin: ModelAdmin[Topic], request: HttpRequest, judged: Any) -> None:
    with transaction.atomic():
        topics = take_in(judged)
        for topic in topics:
            model_admin.log_change(request, topic, _("Taken in from a file."))
            tasks.wake(tasks.match_topic, topic.pk)
    sentence = ngettext(
        "{count} topic taken in.", "{count} topics taken in.", len(topics)
    )
    model_admin.message_user(
        request, sentence.format(count=len(topics)), messages.SUCCESS
    )
