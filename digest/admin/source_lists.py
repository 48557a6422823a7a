"""Lists of feeds (OPML) at the desk: looked at first, then taken in; and given out.

What the second page sends back is only what the first one showed: each feed is judged
again, because sources may have been added between the two.
"""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest.admin.page import show_page
from digest.admin.source_form import KIND_NAMES
from digest.models import Source
from digest.pipeline.ingest.feed_lists import (
    Fate,
    JudgedFeed,
    add_feeds,
    export_list,
    judge_list,
    new_feeds,
)
from digest.sources.entry import SourceError

MOST_BYTES = 500_000
"""A list travels to the page and back; a larger one is for the command line."""

FATE_NAMES = {
    Fate.NEW: gettext_lazy("new"),
    Fate.KNOWN: gettext_lazy("a source already"),
    Fate.REFUSED: gettext_lazy("refused"),
}


class UploadForm(forms.Form):
    """A file that another reader of feeds has exported."""

    file = forms.FileField(
        label=gettext_lazy("List of feeds (OPML)"),
        widget=forms.FileInput(attrs={"accept": ".opml,.xml,text/xml,text/x-opml"}),
    )

    def clean_file(self) -> list[JudgedFeed]:
        """Read the list; say why if it is none."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            words = _("The list is larger than 500 kB: use “manage.py opml import”.")
            raise ValidationError(words)
        judged = _judge(file.read())
        if not judged:
            raise ValidationError(_("The list names no feeds."))
        return judged


class ConfirmForm(forms.Form):
    """The feeds that were shown as new, and whether they are fetched from now on."""

    feeds = forms.CharField(widget=forms.HiddenInput)
    is_active = forms.BooleanField(
        label=gettext_lazy("Fetch them from now on"), required=False
    )

    def clean_feeds(self) -> list[JudgedFeed]:
        """Judge the feeds again: it may be a while since they were shown."""
        return _judge(self.cleaned_data["feeds"].encode())


def pages(model_admin: ModelAdmin[Source]) -> list[URLPattern]:
    """The pages' addresses, inside the admin of sources."""
    wrap = model_admin.admin_site.admin_view
    return [
        path(
            "import/", wrap(partial(take_in, model_admin)), name="digest_source_import"
        ),
        path(
            "export/", wrap(partial(give_out, model_admin)), name="digest_source_export"
        ),
    ]


def give_out(model_admin: ModelAdmin[Source], request: HttpRequest) -> HttpResponse:
    """All feeds as a file to download."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    document, _count = export_list()
    named = {"Content-Disposition": 'attachment; filename="paperboy-feeds.opml"'}
    return HttpResponse(document, content_type="text/x-opml", headers=named)


def take_in(model_admin: ModelAdmin[Source], request: HttpRequest) -> HttpResponse:
    """Ask for a file; show what it would bring; make that when it is confirmed."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    if request.method == "POST" and "feeds" in request.POST:
        confirm = ConfirmForm(request.POST)
        if confirm.is_valid():
            _add(model_admin, request, confirm.cleaned_data)
            return redirect("admin:digest_source_changelist")
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    shown = _show(form.cleaned_data["file"]) if form.is_valid() else {}
    context = {
        "title": _("Import a list of feeds"),
        "form": form,
        **shown,
    }
    return show_page(model_admin, request, "admin/digest/source/import.html", context)


def _judge(data: bytes) -> list[JudgedFeed]:
    try:
        return judge_list(data)
    except SourceError as error:
        raise ValidationError(str(error)) from error


def _show(judged: list[JudgedFeed]) -> dict[str, Any]:
    """What the dry run shows: each feed with its fate, and the button for the new."""
    rows = [
        {
            "feed": one.feed,
            "kind": KIND_NAMES.get(one.kind, one.kind),
            "fate": FATE_NAMES[one.fate],
            "reason": one.reason,
        }
        for one in judged
    ]
    new = sum(one.fate == Fate.NEW for one in judged)
    button = ngettext("Add {count} source", "Add {count} sources", new)
    return {
        "rows": rows,
        "new_count": new,
        "button": button.format(count=new),
        "confirm": ConfirmForm(initial={"feeds": new_feeds(judged).decode()}),
    }


def _add(
    model_admin: ModelAdmin[Source], request: HttpRequest, answers: dict[str, Any]
) -> None:
    sources = add_feeds(
        answers["feeds"], is_active=answers["is_active"], now=timezone.now()
    )
    for source in sources:
        model_admin.log_addition(request, source, _("Taken in from a list of feeds."))
    sentence = ngettext("{count} source added.", "{count} sources added.", len(sources))
    model_admin.message_user(
        request, sentence.format(count=len(sources)), messages.SUCCESS
    )
