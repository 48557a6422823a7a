"""The papers of a page as a file: of some days, of a topic, of a search, or one alone.

A file holds the first papers of the page's own order, with those of its later pages.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from digest import exports
from digest.forms.search import SearchForm
from digest.models import Paper
from digest.pipeline.match.search import search_papers
from digest.pipeline.match.window import WINDOW_DAYS
from digest.views import days, topics
from digest.views.access import reading_page
from digest.views.attachments import attach

MOST_PAPERS = 1000


@reading_page
def day_file(_request: HttpRequest, day: date, ending: str) -> HttpResponse:
    """The papers of a day."""
    papers = days.papers_of_day(day, days.picks_of_day(_begun(day)))
    return _file(day.isoformat(), ending, papers[:MOST_PAPERS])


@reading_page
def week_file(_request: HttpRequest, week: date, ending: str) -> HttpResponse:
    """The papers of a week."""
    year, number, _weekday = week.isocalendar()
    return _period(f"{year}-W{number:02d}", ending, week, 7)


@reading_page
def month_file(_request: HttpRequest, month: date, ending: str) -> HttpResponse:
    """The papers of a month."""
    length = monthrange(month.year, month.month)[1]
    return _period(month.isoformat()[:7], ending, month, length)


@reading_page
def trending_file(_request: HttpRequest, ending: str) -> HttpResponse:
    """What is trending now."""
    papers = Paper.objects.shown().trending(timezone.localdate())
    return _file("trending", ending, papers[:MOST_PAPERS])


@reading_page
def topic_file(request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """The papers of a topic of the last days."""
    topic = topics.visible_topic(request, slug)
    papers = topics.papers_of_topic(topic, timezone.localdate(), WINDOW_DAYS)
    response = _file(slug, ending, papers[:MOST_PAPERS])
    if topic.owner_id:
        response["Cache-Control"] = "private, no-store"
    return response


@reading_page
def paper_file(_request: HttpRequest, slug: str, ending: str) -> HttpResponse:
    """One paper."""
    return _file(slug, ending, [get_object_or_404(Paper.objects.shown(), slug=slug)])


@reading_page
def search_file(request: HttpRequest, ending: str) -> HttpResponse:
    """What a query finds, as far as the index can tell; one it cannot read is a 404."""
    form = SearchForm(request.GET)
    form.is_valid()
    if form.query is None:
        raise Http404
    found = search_papers(form.query, form.wanted_order).paper_ids
    papers = Paper.objects.in_bulk(found)
    return _file("search", ending, (papers[pk] for pk in found if pk in papers))


def _period(name: str, ending: str, first: date, length: int) -> HttpResponse:
    last = _begun(first) + timedelta(days=length - 1)
    newest = min(last, timezone.localdate())
    picks = days.picks_between(first, newest)
    papers = days.papers_between(first, newest, picks)
    return _file(name, ending, papers[:MOST_PAPERS])


def _begun(first: date) -> date:
    """The day, which must not be to come."""
    if first > timezone.localdate():
        raise Http404
    return first


def _file(name: str, ending: str, papers: Iterable[Paper]) -> HttpResponse:
    return attach(name, ending, map(exports.reference_of, papers))
