"""Inviting readers: one by address, or many from a table, looked at first.

The second page gets back the rows that the first one showed, and judges them again. A
row is never subscribed: each gets a mail with a button, so many an hour.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
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

from accounts import tasks as accounts_tasks
from digest.admin.evidence import staff_member
from digest.admin.page import show_page
from digest.admin.reader_words import (
    FAULTS,
    REFUSALS,
    VERDICTS,
)
from digest.curating import inviting
from digest.curating.inviting import Judged, Verdict
from digest.exports.tables import write_rows
from digest.imports.readers import MOST_BYTES, Row, Table, TableRefusedError, read_table
from digest.models import Reader, Topic

MOST_SHOWN = 500

INVITE_PAGE = "admin/digest/reader/invite.html"


class TopicsForm(forms.Form):
    """What those get who confirm, where their row names no topics."""

    topics = forms.ModelMultipleChoiceField(
        Topic.objects.public().order_by("name"),
        label=gettext_lazy("Topics"),
        to_field_name="slug",
        help_text=gettext_lazy("Of those whose row names none."),
    )

    def slugs(self) -> list[str]:
        """The topics by their names in addresses."""
        return [topic.slug for topic in self.cleaned_data["topics"]]


class InviteForm(TopicsForm):
    """One person."""

    email = forms.CharField(label=gettext_lazy("E-mail address"), max_length=320)
    field_order = ["email", "topics"]


class TableForm(TopicsForm):
    """A file with a person in each row."""

    file = forms.FileField(
        label=gettext_lazy("Table (CSV)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        help_text=gettext_lazy(
            "Its first line names the columns: email, and if you like topics (names "
            "in addresses, separated by semicolons), language and zone."
        ),
    )
    field_order = ["file", "topics"]

    def clean_file(self) -> Table:
        """Read the table; say why if it is none."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(str(REFUSALS["too_large"]))
        return _read(file.read())


class ConfirmForm(TopicsForm):
    """The rows that were shown, as they came."""

    rows = forms.CharField(widget=forms.HiddenInput)

    def clean_rows(self) -> Table:
        """Read them again: it may be a while since they were shown."""
        return _read(self.cleaned_data["rows"].encode())


def may_invite(request: HttpRequest) -> bool:
    """Whether this person may have mails sent that ask."""
    return request.user.has_perm("accounts.add_signup")


def pages(model_admin: ModelAdmin[Reader]) -> list[URLPattern]:
    """The pages' addresses, inside the admin of readers."""
    wrap = model_admin.admin_site.admin_view
    one, many = partial(invite_one, model_admin), partial(take_in, model_admin)
    return [
        path("invite/", wrap(one), name="digest_reader_invite"),
        path("import/", wrap(many), name="digest_reader_import"),
    ]


def invite_one(model_admin: ModelAdmin[Reader], request: HttpRequest) -> HttpResponse:
    """Ask for an address; say at once if it cannot be invited."""
    _require(request)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        row = Row(1, form.cleaned_data["email"].strip())
        (judged,) = inviting.judge([row], now=timezone.now())
        if judged.verdict == Verdict.INVITED:
            _invite(model_admin, request, [judged], form.slugs())
            return redirect("admin:digest_reader_changelist")
        form.add_error("email", _reason(judged))
    context = {"title": _("Invite a reader"), "form": form}
    return show_page(model_admin, request, INVITE_PAGE, context)


def take_in(model_admin: ModelAdmin[Reader], request: HttpRequest) -> HttpResponse:
    """Ask for a table; show each row's verdict; invite when that is confirmed."""
    _require(request)
    is_sent = request.method == "POST"
    if is_sent and "rows" in request.POST:
        confirm = ConfirmForm(request.POST)
        if confirm.is_valid():
            judged = inviting.judge(
                confirm.cleaned_data["rows"].rows, now=timezone.now()
            )
            if "verdicts" in request.POST:
                return _give_out(judged)
            _invite(model_admin, request, judged, confirm.slugs())
            return redirect("admin:digest_reader_changelist")
    form = TableForm(request.POST, request.FILES) if is_sent else TableForm()
    context: dict[str, Any] = {
        "title": _("Invite readers from a table"),
        "form": form,
    }
    if is_sent and form.is_valid():
        table: Table = form.cleaned_data["file"]
        context |= _dry_run(table, form.slugs())
    return show_page(model_admin, request, INVITE_PAGE, context)


def _dry_run(table: Table, topics: Sequence[str]) -> dict[str, Any]:
    judged = inviting.judge(table.rows, now=timezone.now())
    counts = Counter(each.verdict for each in judged)
    invited = counts[Verdict.INVITED]
    hours = -(-invited // settings.DIGEST_INVITATIONS_PER_HOUR)
    button = ngettext("Invite {count} reader", "Invite {count} readers", invited)
    return {
        "rows": [
            (each.row.line, each.row.email, _reason(each), each.verdict)
            for each in judged[:MOST_SHOWN]
        ],
        "more": max(0, len(judged) - MOST_SHOWN),
        "sums": [(VERDICTS[v], count) for v, count in counts.most_common()],
        "invited": invited,
        "hours": hours,
        "button": button.format(count=invited),
        "ignored": table.ignored,
        "confirm": ConfirmForm(
            initial={"rows": _write_again(table.rows), "topics": topics}
        ),
    }


def _write_again(rows: Sequence[Row]) -> str:
    """The readable rows as a table; those that were not stay behind.

    For this page alone: nothing in it is changed, as it is for a spreadsheet.
    """
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["email", "topics", "language", "zone"])
    for row in rows:
        if not row.problem:
            table.writerow([row.email, ";".join(row.topics), row.language, row.zone])
    return written.getvalue()


def _give_out(judged: Sequence[Judged]) -> HttpResponse:
    """Each row's verdict as a table that is no program to a spreadsheet."""
    document = write_rows(
        [{"email": each.row.email, "verdict": _reason(each)} for each in judged]
    )
    named = {"Content-Disposition": 'attachment; filename="invitations.csv"'}
    return HttpResponse(document, content_type="text/csv; charset=utf-8", headers=named)


def _reason(judged: Judged) -> str:
    words = str(VERDICTS[judged.verdict])
    if not judged.detail:
        return words
    return f"{words}: {FAULTS.get(judged.detail, judged.detail)}"


def _invite(
    model_admin: ModelAdmin[Reader],
    request: HttpRequest,
    judged: Sequence[Judged],
    topics: Sequence[str],
) -> None:
    by: Any = staff_member(request)
    count = inviting.invite(judged, by=by, topics=topics, now=timezone.now())
    accounts_tasks.wake()
    sentence = ngettext("{count} reader invited.", "{count} readers invited.", count)
    sentence = sentence.format(count=count)
    # No address: the log outlives those who never confirm.
    model_admin.log_change(request, by, sentence)
    model_admin.message_user(request, sentence, messages.SUCCESS)


def _read(data: bytes) -> Table:
    try:
        return read_table(data)
    except TableRefusedError as error:
        raise ValidationError(str(REFUSALS[error.code])) from error


def _require(request: HttpRequest) -> None:
    if not may_invite(request):
        raise PermissionDenied
