"""The service in numbers, for staff: readers, digests, topics, sources, what came back.

Looked up anew at each look, over the last days alone; nobody is named.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from digest.admin.page import show_page
from digest.admin.statistics import charts, numbers
from digest.models import Delivery, SendingHold, Source
from digest.pipeline.gate.complaints import ALARM, STOP, WATCHED, measure
from digest.pipeline.watch import health

READER_DAYS = 60
DIGEST_DAYS = 14


def pages(model_admin: ModelAdmin[Delivery]) -> list[URLPattern]:
    """The page's address, inside the admin of deliveries."""
    view = model_admin.admin_site.admin_view(require_safe(partial(show, model_admin)))
    return [path("statistics/", view, name="digest_statistics")]


def show(model_admin: ModelAdmin[Delivery], request: HttpRequest) -> TemplateResponse:
    """All of it on one page, for whoever may look at deliveries."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    now = timezone.now()
    today = timezone.localdate()
    months = charts.days_until(today, READER_DAYS)
    weeks = charts.days_until(today, DIGEST_DAYS)
    outcomes = numbers.outcomes(weeks[0])
    complaints, bounces = numbers.rates(weeks[0], outcomes)
    context = {
        "title": _("Statistics"),
        "holds": SendingHold.objects.filter(released_at=None),
        "readers": charts.line(months, numbers.readers(months)),
        "topic_count": numbers.subscriptions(),
        "outcomes": charts.stack(weeks, outcomes, numbers.PLACES),
        "complaints": charts.shares(weeks, complaints, (ALARM, STOP)),
        "bounces": charts.shares(weeks, bounces, (numbers.BOUNCE_LINE,)),
        "week": measure(now - WATCHED),
        "week_days": WATCHED // timedelta(days=1),
        "topics": numbers.topics(today),
        "sources": health.describe_sources(Source.objects.filter(is_active=True), now),
    }
    return show_page(
        model_admin, request, "admin/digest/delivery/statistics.html", context
    )
