"""The papers of a week, of a month, and those that are rising now.

Like the other reading pages: they change nothing, in a small, fixed number of queries.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from digest.models import Paper, Pick
from digest.models.paper import TRENDING_DAYS
from digest.views import cards, days
from digest.views.access import reading_page
from digest.views.attachments import file_links
from digest.views.paging import canonical_url, read_page


@reading_page
def week(request: HttpRequest, week: date) -> HttpResponse:
    """The papers of a week, which is known by its Monday."""
    return _period(request, "week", week, 7, _week_name)


@reading_page
def month(request: HttpRequest, month: date) -> HttpResponse:
    """The papers of a month, which is known by its first day."""
    length = monthrange(month.year, month.month)[1]
    return _period(request, "month", month, length, _month_name)


@reading_page
def trending(request: HttpRequest) -> HttpResponse:
    """What readers vote for now; the newer a paper, the more its votes weigh."""
    today = timezone.localdate()
    rising = Paper.objects.shown().trending(today)
    page = read_page(rising, request.GET.get("page", 1))
    papers = list(page.object_list)
    picks = list(Pick.objects.filter(paper__in=papers, picked_on__lte=today))
    path = reverse("digest:trending")
    context = {
        "day": today,
        "days": TRENDING_DAYS,
        "page": page,
        "page_url": path,
        "files": file_links("trending_file"),
        "canonical": canonical_url(path, page),
        "cards": cards.make_cards(papers, cards.pick_places(picks)),
    }
    return render(request, "digest/trending.html", context)


def _period(
    request: HttpRequest,
    kind: str,
    first: date,
    length: int,
    name: Callable[[date], str],
) -> HttpResponse:
    """A page of some days; one that has not begun is no page, an empty one says so."""
    today = timezone.localdate()
    if first > today:
        raise Http404
    last = first + timedelta(days=length - 1)
    newest = min(last, today)
    picks = days.picks_between(first, newest)
    papers = days.papers_between(first, newest, picks)
    page = read_page(papers, request.GET.get("page", 1))
    before, after = days.day_before(first), days.day_after(last, today)
    path = reverse(f"digest:{kind}", args=[first])
    context = {
        "kind": kind,
        "day": newest,
        "name": name(first),
        "first": first,
        "last": last,
        "is_running": last >= today,
        "before": _neighbour(kind, before, name),
        "after": _neighbour(kind, after, name),
        "page": page,
        "page_url": path,
        "files": file_links(f"{kind}_file", [first]),
        "canonical": canonical_url(path, page),
        "cards": cards.make_cards(list(page.object_list), cards.pick_places(picks)),
    }
    return render(request, "digest/period.html", context)


def _neighbour(
    kind: str, day: date | None, name: Callable[[date], str]
) -> cards.Link | None:
    """The week or month of a day."""
    if day is None:
        return None
    return cards.Link(name(day), reverse(f"digest:{kind}", args=[day]))


def _week_name(day: date) -> str:
    year, number, _weekday = day.isocalendar()
    return _("Week {number}, {year}").format(number=number, year=year)


def _month_name(day: date) -> str:
    return date_format(day, "F Y")
