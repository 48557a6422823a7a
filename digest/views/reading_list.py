"""The reading list: for its reader, for whoever has its link, and as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import tokens
from accounts.models import User
from digest import exports, links
from digest.models import SavedPaper, Schedule
from digest.reading import reading_list as lists
from digest.views.access import capability_page
from digest.views.attachments import attach, file_links
from digest.views.cards import Card, make_cards
from digest.views.paging import read_page
from digest.views.reader import reader_required

SHOWN = {
    "unread": Q(read_at__isnull=True),
    "read": Q(read_at__isnull=False),
}
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Entry:
    """A saved paper and its card."""

    saved: SavedPaper
    card: Card


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def reading_list(
    request: HttpRequest, schedule: Schedule, show: str = ""
) -> HttpResponseBase:
    """Show the list or a part of it, or do what one of its buttons says."""
    if show and show not in SHOWN:
        raise Http404
    if request.method == "POST":
        button = next((name for name in BUTTONS if name in request.POST), None)
        if button is None or not _press(request, schedule.user, button):
            return render(request, "400.html", status=400)
        return redirect(request.path)
    found = lists.saved_papers(schedule.user)
    counts = found.aggregate(
        all=Count("pk"), **{name: Count("pk", filter=q) for name, q in SHOWN.items()}
    )
    context = {
        **_page(request, found.filter(SHOWN.get(show, Q()))),
        "reader": schedule,
        "show": show,
        "counts": counts,
        "page_url": request.path,
        "shared_url": (
            links.shared_list_url(schedule.list_token) if schedule.list_token else ""
        ),
        "files": file_links("reading_list_file"),
    }
    return render(request, "digest/reading_list.html", context)


@reader_required
@require_safe
def reading_list_file(
    _request: HttpRequest, schedule: Schedule, ending: str
) -> HttpResponse:
    """The whole list as a file, with what is read."""
    found = lists.saved_papers(schedule.user)
    return attach(
        "reading-list",
        ending,
        (
            exports.reference_of(
                row.paper, {"saved": _day(row.saved_at), "read": _day(row.read_at)}
            )
            for row in found
        ),
    )


@capability_page
def shared_list(request: HttpRequest, token: str) -> HttpResponse:
    """The list for whoever has its link: papers alone, and no name."""
    owner = _owner(token)
    if owner is None:
        return render(request, "digest/link_unknown.html", status=404)
    context = {
        **_page(request, lists.saved_papers(owner)),
        "votes_by_link": True,
        "page_url": reverse("digest:shared_list", args=[token]),
        "files": file_links("shared_list_file", [token]),
    }
    return render(request, "digest/shared_list.html", context)


@capability_page
def shared_list_file(request: HttpRequest, token: str, ending: str) -> HttpResponse:
    """The shared list as a file: papers alone."""
    owner = _owner(token)
    if owner is None:
        return render(request, "digest/link_unknown.html", status=404)
    found = lists.saved_papers(owner)
    return attach(
        "reading-list", ending, (exports.reference_of(row.paper) for row in found)
    )


def _owner(token: str) -> User | None:
    return lists.shared_by(token) if tokens.is_well_formed(token) else None


def _page(request: HttpRequest, found: QuerySet[SavedPaper]) -> dict[str, Any]:
    page = read_page(found, request.GET.get("page", 1))
    rows = list(page.object_list)
    made = make_cards([row.paper for row in rows])
    return {"page": page, "entries": list(map(Entry, rows, made))}


def _day(instant: datetime | None) -> str:
    return instant.date().isoformat() if instant else ""


def _press(request: HttpRequest, user: User, button: str) -> bool:
    """Do it; say whether there was such a thing."""
    value = request.POST[button]
    if button in {"share", "stop"}:
        BUTTONS[button](user, 0)
        return True
    is_number = value.isdecimal() and len(value) <= MOST_DIGITS
    return is_number and BUTTONS[button](user, int(value))


def _read(user: User, saved_id: int) -> bool:
    return lists.set_read(user, saved_id, read_at=timezone.now())


def _unread(user: User, saved_id: int) -> bool:
    return lists.set_read(user, saved_id, read_at=None)


def _share(user: User, _none: int) -> bool:
    lists.share(user)
    return True


def _stop(user: User, _none: int) -> bool:
    lists.stop_sharing(user)
    return True


BUTTONS: dict[str, Callable[[User, int], bool]] = {
    "read": _read,
    "unread": _unread,
    "remove": lists.remove,
    "share": _share,
    "stop": _stop,
}
