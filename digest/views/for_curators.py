"""A day as its readers will see it, in a frame of the curators' desk.

The same page as the public one, for days to come too; nobody but curators gets it.
"""

from __future__ import annotations

from datetime import date

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from digest.views.read import day_context


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]
def day(request: HttpRequest, day: date) -> HttpResponse:
    """The papers of a day in the order of its page, picks and notes first."""
    is_curator = admin.site.has_permission(request) and request.user.has_perm(
        "digest.view_pick"
    )
    if not is_curator:
        raise Http404
    context = day_context(day, day, 1)
    return render(request, "digest/day.html", {**context, "is_framed": True})
