"""A day's run on one page: what was planned, where it is, and why it is there.

Each group of failed and uncertain deliveries has the buttons of what can be said of
it; they lead to the same pages as the actions of the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest.admin.delivery_actions import SAYINGS
from digest.admin.evidence import mask_reader
from digest.admin.page import show_page
from digest.admin.summary import count_places
from digest.models import Delivery, SendingHold
from digest.pipeline.states import State

MOST_GROUPS = 30
MOST_ROWS = 50

TROUBLES = {
    State.FAILED: ("retry",),
    State.UNCERTAIN: ("settle", "requeue"),
    State.SKIPPED: ("retry",),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Deliveries of a day that are in one state for one reason."""

    reason: str
    count: int
    address: str
    """The list of them, which also takes their actions."""


def pages(model_admin: ModelAdmin[Delivery]) -> list[URLPattern]:
    """The page's address, inside the admin of deliveries."""
    view = require_safe(partial(run, model_admin))
    return [
        path(
            "run/", model_admin.admin_site.admin_view(view), name="digest_delivery_run"
        )
    ]


def run(model_admin: ModelAdmin[Delivery], request: HttpRequest) -> TemplateResponse:
    """The run of `?day=2026-11-20`, in UTC; today's without it."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    day = _read_day(request.GET.get("day", ""))
    first = timezone.make_aware(datetime.combine(day, time.min))
    until = first + timedelta(days=1)
    due = Delivery.objects.filter(digest__due_at__gte=first, digest__due_at__lt=until)
    doubtful = due.filter(state__in=[State.FAILED, State.UNCERTAIN])
    rows = doubtful.select_related("digest__user").order_by("state", "pk")
    context = {
        "title": _("The run of a day"),
        "day": day,
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1),
        "summary": count_places(first, until),
        "list_address": reverse("admin:digest_delivery_changelist"),
        "troubles": [
            {
                "state": state,
                "groups": _group(due, state, day),
                "acts": [(name, SAYINGS[name].form.button) for name in acts],
            }
            for state, acts in TROUBLES.items()
        ],
        "rows": [(row, mask_reader(row.digest.user)) for row in rows[:MOST_ROWS]],
        "held_count": due.filter(held_at__isnull=False).count(),
        "again_count": due.filter(digest__again_of__isnull=False).count(),
        "holds": SendingHold.objects.filter(released_at__isnull=True),
        "lacks_address": not settings.DIGEST_POSTAL_ADDRESS,
        "may_act": request.user.has_perm("digest.change_delivery"),
    }
    return show_page(model_admin, request, "admin/digest/delivery/run.html", context)


def _read_day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    # The first and the last day of all have no day before or after.
    return day if date.min < day < date.max else timezone.localdate()


def _group(due: QuerySet[Delivery], state: State, day: date) -> Sequence[Group]:
    counted = (
        due.filter(state=state)
        .order_by()
        .values_list("reason")
        .annotate(count=Count("pk"))
        .order_by("-count", "reason")
    )
    base = reverse("admin:digest_delivery_changelist")
    return [
        Group(reason, count, f"{base}?{_query(day, state, reason)}")
        for reason, count in counted[:MOST_GROUPS]
    ]


def _query(day: date, state: State, reason: str) -> str:
    chosen = {"due_on": day.isoformat(), "state__exact": state, "reason__exact": reason}
    return urlencode(chosen)
