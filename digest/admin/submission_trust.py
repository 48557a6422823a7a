"""What a reader's proposals came to, and how far curators trust them: seen and set."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from digest.admin.evidence import mask_reader, staff_member
from digest.admin.page import show_page
from digest.models import ReaderTrust, Submission

if TYPE_CHECKING:
    Base = ModelAdmin[Any]
else:
    Base = object

DAY = timedelta(days=1)
SHOWN = 30
LEVEL_NAMES = dict(ReaderTrust.Level.choices)


class TrustForm(forms.ModelForm[ReaderTrust]):
    """Trust, rate and why."""

    class Meta:
        model = ReaderTrust
        fields = ["level", "per_day", "note"]
        widgets = {"note": forms.TextInput(attrs={"class": "vLargeTextField"})}


class TrustColumn(Base):
    """The column of the queue that leads to the page."""

    @admin.display(description=gettext_lazy("reader's proposals"))
    def record(self, obj: Any) -> SafeString:
        """What came of those of the same reader, and how far the reader is trusted."""
        words = _("{accepted} accepted, {declined} declined, {lately} in 24 hours")
        said = words.format(
            accepted=obj.accepted_count or 0,
            declined=obj.declined_count or 0,
            lately=obj.lately_count or 0,
        )
        level = obj.trust_level or ReaderTrust.Level.USUAL
        return format_html(
            '<a href="{}">{}; {}</a>',
            reverse("admin:digest_submission_trust", args=[obj.user_id]),
            said,
            LEVEL_NAMES[level],
        )


def with_record(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """The rows with what `TrustColumn` tells, found with them."""
    own = Submission.objects.filter(user=OuterRef("user")).order_by().values("user")
    counts = {
        "accepted_count": Q(state=Submission.State.ACCEPTED),
        "declined_count": Q(state=Submission.State.DECLINED),
        "lately_count": Q(sent_at__gt=timezone.now() - DAY),
    }
    trust = ReaderTrust.objects.filter(user=OuterRef("user")).values("level")
    return rows.annotate(
        trust_level=Subquery(trust),
        **{
            name: Subquery(own.filter(which).annotate(rows=Count("pk")).values("rows"))
            for name, which in counts.items()
        },
    )


def pages(model_admin: ModelAdmin[Any]) -> list[URLPattern]:
    """The page's address, inside the admin of proposals."""
    view = partial(trust, model_admin)
    return [
        path(
            "trust/<int:user_id>/",
            model_admin.admin_site.admin_view(view),
            name="digest_submission_trust",
        )
    ]


def trust(
    model_admin: ModelAdmin[Any], request: HttpRequest, user_id: int
) -> HttpResponseBase:
    """Show a reader's proposals and the curators' word; a POST changes the word."""
    if not request.user.has_perm("digest.change_submission"):
        raise PermissionDenied
    own = Submission.objects.filter(user=user_id)
    reader = get_object_or_404(
        User.objects.filter(pk__in=own.order_by().values("user")), pk=user_id
    )
    known = ReaderTrust.objects.filter(user=reader).first()
    form = TrustForm(request.POST or None, instance=known or ReaderTrust(user=reader))
    if request.method == "POST" and form.is_valid():
        form.instance.set_by = staff_member(request)
        form.instance.set_at = timezone.now()
        row = form.save()
        words = _("Trust: {level}, {per_day} a day. {note}")
        said = words.format(
            level=row.get_level_display(), per_day=row.per_day or "—", note=row.note
        )
        model_admin.log_change(request, row, said)
        model_admin.message_user(request, _("Saved."), messages.SUCCESS)
        return redirect("admin:digest_submission_changelist")
    counts = own.aggregate(
        accepted=Count("pk", filter=Q(state=Submission.State.ACCEPTED)),
        declined=Count("pk", filter=Q(state=Submission.State.DECLINED)),
        month=Count("pk", filter=Q(sent_at__gt=timezone.now() - 30 * DAY)),
        total=Count("pk"),
    )
    context = {
        "title": _("Trust in a reader"),
        "reader": mask_reader(reader),
        "known": known,
        "counts": counts,
        "rows": own.order_by("-sent_at")[:SHOWN],
        "form": form,
    }
    return show_page(
        model_admin, request, "admin/digest/submission/trust.html", context
    )
