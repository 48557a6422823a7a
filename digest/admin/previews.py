"""The next digest of any reader or topic: looked at, and sent to oneself as a test.

The mail stands in a sandboxed frame; no link in it acts for the reader. Whose digest is
shown may be chosen by address, which goes into no page's address and no log.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import AddressError, User, parse_address
from digest import tasks
from digest.admin.evidence import mask_reader, staff_member
from digest.admin.page import show_page
from digest.curating import previewing
from digest.curating.previewing import READER, TOPIC
from digest.models import Digest, Topic
from digest.sandbox import sandboxed

LOOKING = {READER: "digest.view_schedule", TOPIC: "digest.view_topic"}
SENDING = ("digest.change_delivery", "digest.change_topic")


class WhoseForm(forms.Form):
    """A reader by the whole address, or a curated topic."""

    reader = forms.CharField(
        label=gettext_lazy("The reader's whole address"), max_length=254, required=False
    )
    topic = forms.ModelChoiceField(
        Topic.objects.public().order_by("name"),
        label=gettext_lazy("Or a topic"),
        required=False,
    )

    def clean_reader(self) -> User | None:
        """Find the reader."""
        text = self.cleaned_data["reader"].strip()
        if not text:
            return None
        try:
            key = parse_address(text).key
        except AddressError:
            key = ""
        found = User.objects.filter(email_key=key, schedule__isnull=False).first()
        if found is None:
            raise forms.ValidationError(_("Nobody with this address gets digests."))
        return found


def pages(model_admin: ModelAdmin[Digest]) -> list[URLPattern]:
    """The pages' addresses, inside the admin of digests."""
    wrap = model_admin.admin_site.admin_view
    ask = require_http_methods(["GET", "HEAD", "POST"])(partial(choose, model_admin))
    show = require_http_methods(["GET", "HEAD", "POST"])(partial(look, model_admin))
    mail = require_safe(partial(look_at_mail, model_admin))
    whose = "preview/<str:whose>/<int:row_id>/"
    return [
        path("preview/", wrap(ask), name="digest_digest_preview"),
        path(whose, wrap(show), name="digest_digest_preview_of"),
        path(f"{whose}mail/", wrap(mail), name="digest_digest_preview_mail"),
    ]


def choose(model_admin: ModelAdmin[Digest], request: HttpRequest) -> HttpResponse:
    """Ask whose next digest is wanted."""
    if not any(request.user.has_perm(right) for right in LOOKING.values()):
        raise PermissionDenied
    form = WhoseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reader, topic = form.cleaned_data["reader"], form.cleaned_data["topic"]
        if reader:
            return redirect("admin:digest_digest_preview_of", READER, reader.pk)
        if topic:
            return redirect("admin:digest_digest_preview_of", TOPIC, topic.pk)
    context = {
        "title": _("Preview a digest"),
        "form": form,
    }
    return show_page(model_admin, request, "admin/digest/digest/preview.html", context)


def look(
    model_admin: ModelAdmin[Digest], request: HttpRequest, whose: str, row_id: int
) -> HttpResponse:
    """The page around the mail; its button sends the mail to oneself."""
    _require(request, whose)
    may_send = any(request.user.has_perm(right) for right in SENDING)
    digest, items, name = _draft(whose, row_id)
    if request.method == "POST":
        if not may_send:
            raise PermissionDenied
        _send(model_admin, request, whose, row_id)
        return redirect(request.path)
    mailed = sum(item.is_in_mail for item in items)
    context = {
        "title": _("The next digest of {name}").format(name=name),
        "digest": digest,
        "mailed": mailed,
        "held": len(items) - mailed,
        "is_reader": whose == READER,
        "may_send": may_send and mailed,
        "own_address": staff_member(request).email,
        "mail_address": reverse(
            "admin:digest_digest_preview_mail", args=[whose, row_id]
        ),
    }
    return show_page(
        model_admin, request, "admin/digest/digest/preview_of.html", context
    )


def look_at_mail(
    _admin: ModelAdmin[Digest], request: HttpRequest, whose: str, row_id: int
) -> HttpResponse:
    """The mail itself, for the frame."""
    _require(request, whose)
    _draft(whose, row_id)
    mail = previewing.make_sample(
        whose, row_id, staff_member(request), now=timezone.now()
    )
    if mail is None:
        raise Http404
    return sandboxed(mail.html_text)


def _require(request: HttpRequest, whose: str) -> None:
    if whose not in LOOKING:
        raise Http404
    if not request.user.has_perm(LOOKING[whose]):
        raise PermissionDenied


def _draft(whose: str, row_id: int) -> tuple[Digest, list[Any], str]:
    """Digest, items and whose it is. A reader's own topic has no page of its own."""
    try:
        digest, items, _language = previewing.draft(whose, row_id, now=timezone.now())
        if whose == READER:
            return digest, items, mask_reader(digest.user)
        return digest, items, Topic.objects.public().get(pk=row_id).name
    except (ObjectDoesNotExist, OverflowError) as error:
        raise Http404 from error


def _send(
    model_admin: ModelAdmin[Digest], request: HttpRequest, whose: str, row_id: int
) -> None:
    """Have the test sent, and write down who had it sent."""
    user = staff_member(request)
    model: Any = User if whose == READER else Topic
    row = model.objects.get(pk=row_id)
    model_admin.log_change(
        request, row, _("A test of the next digest sent to oneself.")
    )
    tasks.send_sample.delay(whose, row_id, user.pk)
    sent = _("The test is on its way to {address}.").format(address=user.email)
    model_admin.message_user(request, sent, messages.SUCCESS)
