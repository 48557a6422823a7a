"""The pages of topics: all that can be followed, and what each has brought."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from digest.models import Match, Paper, Pick, Topic
from digest.models.paper import popularity
from digest.pipeline.match.strictness import wanted_of
from digest.pipeline.match.window import WINDOW_DAYS
from digest.views import cards, volume
from digest.views.access import reading_page
from digest.views.attachments import file_links
from digest.views.paging import canonical_url, read_page
from digest.views.reader import current_reader

_WINDOW = timedelta(days=WINDOW_DAYS)


@reading_page
def topics(request: HttpRequest) -> HttpResponse:
    """All curated topics, with how much each brought in the last week."""
    found = list(Topic.objects.public())
    counts = _count_week(found, timezone.localdate())
    rows = [(each, counts.get(each.pk, 0)) for each in found]
    context = {"topics": rows, "canonical": canonical_url(reverse("digest:topics"))}
    return render(request, "digest/topics.html", context)


@reading_page
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """A topic's papers of the last 14 days, newest day first, each with its reason.

    A personal topic exists for its owner alone; one that was merged leads to the other.
    """
    try:
        found = visible_topic(request, slug)
    except Http404:
        into = Topic.objects.public().filter(merged_topics__slug=slug).first()
        if into is None:
            raise
        return redirect(into)
    today = timezone.localdate()
    counts = _count_days(found, today)
    page = read_page(
        papers_of_topic(found, today, WINDOW_DAYS),
        request.GET.get("page", 1),
        count=sum(n for day, n in counts.items() if day > today - _WINDOW),
    )
    papers = list(page.object_list)
    context = {
        "topic": found,
        "window_days": WINDOW_DAYS,
        "page": page,
        "page_url": found.get_absolute_url(),
        "canonical": canonical_url(found.get_absolute_url(), page),
        "files": file_links("topic_file", [slug]),
        "volume": volume.draw(counts, today),
        "days": _by_day(papers, _topic_places(found, papers, today)),
    }
    response = render(request, "digest/topic.html", context)
    if found.owner_id:
        response["Cache-Control"] = "private, no-store"
    return response


def visible_topic(request: HttpRequest, slug: str) -> Topic:
    """The topic in force of that name, if it is curated or the reader's own."""
    found = get_object_or_404(Topic, slug=slug, is_retired=False)
    schedule = current_reader(request) if found.owner_id else None
    if found.owner_id and (schedule is None or schedule.user_id != found.owner_id):
        raise Http404
    return found


def papers_of_topic(topic: Topic, today: date, length: int) -> QuerySet[Paper]:
    """Its papers of the last days, newest day first, best first within a day."""
    since = today - timedelta(days=length - 1)
    shown = Paper.objects.shown()
    if topic.kind == Topic.Kind.DAILY:
        picks = Pick.objects.filter(
            paper=OuterRef("pk"), picked_on__range=(since, today)
        )
        return (
            shown.announced_between(since, today)
            .alias(is_picked=Exists(picks))
            .filter(Q(upvotes__gt=0) | Q(reader_votes__gt=0) | Q(is_picked=True))
            .order_by("-announced_on", "-is_picked", popularity().desc(), "pk")
        )
    return shown.filter(
        wanted_of([(topic.pk, topic.strictness)], "matches__"),
        matches__announced_on__range=(since, today),
    ).order_by("-matches__announced_on", "-matches__score", "pk")


def _count_week(topics: Sequence[Topic], today: date) -> dict[int, int]:
    """How many papers of the last seven days each of the topics has, by its id."""
    matches = Match.objects.shown_between(today - timedelta(days=6), today).filter(
        wanted_of((topic.pk, topic.strictness) for topic in topics)
    )
    counted = matches.values("topic_id").annotate(papers=Count("pk"))
    return dict(counted.values_list("topic_id", "papers"))


def _count_days(topic: Topic, today: date) -> dict[date, int]:
    """How many papers it had on each of the last days that had any."""
    days: QuerySet[Any]
    if topic.kind == Topic.Kind.DAILY:
        days = papers_of_topic(topic, today, volume.SHOWN_DAYS).order_by()
    else:
        first = today - timedelta(days=volume.SHOWN_DAYS - 1)
        wanted = wanted_of([(topic.pk, topic.strictness)])
        days = Match.objects.shown_between(first, today).filter(wanted)
    return dict(days.values_list("announced_on").annotate(papers=Count("pk")))


def _topic_places(
    topic: Topic, papers: list[Paper], today: date
) -> dict[int, cards.Place]:
    """Why each of these papers is the topic's: its evidence, its votes, its pick."""
    matches = Match.objects.filter(topic=topic, paper__in=papers)
    evidence = dict(matches.values_list("paper_id", "evidence"))
    picks = Pick.objects.filter(paper__in=papers, picked_on__lte=today)
    notes = dict(picks.order_by("picked_on").values_list("paper_id", "note"))
    return {
        paper.pk: cards.Place(
            is_pick=paper.pk in notes,
            note=notes.get(paper.pk, ""),
            evidence=evidence.get(paper.pk, ()),
        )
        for paper in papers
    }


def _by_day(
    papers: list[Paper], places: dict[int, cards.Place]
) -> list[tuple[date | None, list[cards.Card]]]:
    made = cards.make_cards(papers, places)
    return [
        (day, list(group)) for day, group in groupby(made, key=lambda c: c.announced_on)
    ]
