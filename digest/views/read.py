"""The reading pages: the day's papers, topics, single papers, digests, the sources.

They change nothing and take a small, fixed number of queries, however many papers
there are. Hidden papers never show.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digest.forms import SignupForm
from digest.models import Digest, DigestItem, Paper, Source
from digest.pipeline.render import fates, standing
from digest.pipeline.watch import health
from digest.views import cards, citation, days, details
from digest.views.access import capability_page, reading_page
from digest.views.attachments import file_links
from digest.views.paging import canonical_url, read_page


@reading_page
def front(request: HttpRequest) -> HttpResponse:
    """The newest day's papers, and the form to get them by mail."""
    today = timezone.localdate()
    newest = days.newest_day(today)
    context = {"form": SignupForm(now=timezone.now()), "today": today}
    if newest:
        context |= day_context(newest, today, 1)
    context["canonical"] = canonical_url(reverse("digest:front"))
    return render(request, "digest/front.html", context)


@reading_page
def day(request: HttpRequest, day: date) -> HttpResponse:
    """The papers of one day; a day to come is no page, an empty one says so."""
    today = timezone.localdate()
    if day > today:
        raise Http404
    context = day_context(day, today, request.GET.get("page", 1))
    return render(request, "digest/day.html", context)


@reading_page
def paper(request: HttpRequest, slug: str) -> HttpResponse:
    """One paper: all authors, the whole abstract, where to read it, who listed it.

    One that was merged leads to the paper that stands for the work; a merge can be
    undone, so not for good.
    """
    found = get_object_or_404(
        Paper.objects.select_related("merged_into"), slug=slug, hidden__isnull=True
    )
    if found.merged_into:
        return redirect(found.merged_into)
    shown = details.describe_paper(found, timezone.localdate())
    context = {
        "paper": found,
        "details": shown,
        "tags": citation.describe(found),
        "files": file_links("paper_file", [slug]),
        "canonical": canonical_url(found.get_absolute_url()),
    }
    return render(request, "digest/paper.html", context)


@capability_page
def digest(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One digest on the web: what was mailed, by topic, then what was held back."""
    found = get_object_or_404(Digest, public_id=public_id)
    items = list(
        found.items.filter(released_at__isnull=True, paper__hidden__isnull=True)
        .select_related("paper", "topic")
        .order_by("position")
    )
    places = standing.arrange(items)
    page = read_page(
        [at for at in places if not at.item.is_in_mail], request.GET.get("page", 1)
    )
    mailed = [at for at in places if at.item.is_in_mail and page.number == 1]
    covered, missing = fates.coverage(found.coverage)
    made = _item_cards([*mailed, *page.object_list])
    context = {
        "day": found.due_at.astimezone(ZoneInfo(found.zone)).date(),
        "sections": [
            (_heading(group[0].item), [made[at.item.pk] for at in group])
            for group in standing.group_by_topic(mailed)
        ],
        "held": [made[at.item.pk] for at in page.object_list],
        "held_count": sum(not item.is_in_mail for item in items),
        "page": page,
        "page_url": found.get_absolute_url(),
        "covered": covered,
        "missing": missing,
        # The page sends no Referer, so a browser would post without an Origin.
        "votes_by_link": True,
    }
    return render(request, "digest/digest.html", context)


@reading_page
def status(request: HttpRequest) -> HttpResponse:
    """The sources: when each was last read, what it brought, what is wrong."""
    sources = Source.objects.filter(is_active=True)
    context = {"sources": health.describe_sources(sources, timezone.now())}
    return render(request, "digest/status.html", context)


def day_context(day: date, today: date, number: str | int) -> dict[str, Any]:
    """What the pages of a day show."""
    picks = days.picks_of_day(day)
    page = read_page(days.papers_of_day(day, picks), number)
    path = reverse("digest:day", args=[day])
    return {
        "day": day,
        "is_today": day == today,
        "previous_day": days.day_before(day),
        "next_day": days.day_after(day, today),
        "page": page,
        "page_url": path,
        "files": file_links("day_file", [day]),
        "canonical": canonical_url(path, page),
        "cards": cards.make_cards(list(page.object_list), cards.pick_places(picks)),
    }


def _heading(item: DigestItem) -> str:
    if item.is_outside:
        return _("Outside your topics")
    return item.topic.name if item.topic else _("Other papers")


def _item_cards(places: list[standing.Standing[DigestItem]]) -> dict[int, cards.Card]:
    """The card of each digest item that has a place, by the item's id."""
    items = [at.item for at in places]
    known = {
        at.item.paper_id: cards.Place(
            at.item.is_pick,
            at.item.note,
            at.item.evidence,
            [other.paper for other in at.beneath],
        )
        for at in places
    }
    made = cards.make_cards([item.paper for item in items], known)
    return {item.pk: card for item, card in zip(items, made, strict=True)}
