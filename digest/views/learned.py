"""What was learned from a reader, and what they muted: shown, and taken back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from digest import tex
from digest.forms.muting import mute_refusal
from digest.models import Mark, Mute, Paper, SavedPaper, Schedule, Subscription, Topic
from digest.pipeline.match.archive import newest_archive
from digest.reading.taste import (
    Learned,
    MuteRefusedError,
    mute_learned,
    what_was_learned,
)
from digest.views import saying
from digest.views.paging import read_page
from digest.views.reader import reader_required


@dataclass(frozen=True, slots=True)
class SaidPaper:
    """A paper and the buttons that take back what was said: names of acts."""

    paper: Paper
    title: str
    acts: tuple[saying.Act, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One topic: its learned words, papers liked and disliked."""

    topic: Topic
    learned: Learned
    liked: tuple[SaidPaper, ...]
    disliked: tuple[SaidPaper, ...]


@reader_required
@require_http_methods(["GET", "HEAD", "POST"])
def learned(request: HttpRequest, schedule: Schedule) -> HttpResponseBase:
    """Show it all, or do what one of the buttons says."""
    user, outcome, status = schedule.user, None, 200
    if request.method == "POST":
        outcome = _press(user, request.POST, timezone.now())
        if outcome and not outcome.is_refused:
            messages.success(request, outcome.notice)
            return redirect("digest:learned")
        status = 200 if outcome else 400
    number = request.GET.get("page", 1)
    context = {**_page(user, number), "outcome": outcome, "reader": schedule}
    return render(request, "digest/learned.html", context, status=status)


def _page(user: User, number: str | int) -> dict[str, Any]:
    joined = Subscription.objects.active().filter(user=user).select_related("topic")
    topics = [subscription.topic for subscription in joined]
    found = what_was_learned(user, topics)
    said = _read_said(user)
    sections = [
        Section(
            topic,
            found[topic.pk],
            _with_buttons(found[topic.pk].liked, said),
            _with_buttons(found[topic.pk].disliked, said),
        )
        for topic in topics
        if topic.pk in found
    ]
    told = {p.pk for one in found.values() for p in (*one.liked, *one.disliked)}
    shown = Paper.objects.works().only("slug", "title")
    others = shown.filter(pk__in=said.keys() - told)
    page = read_page(others, number)
    mutes = list(Mute.objects.filter(user=user))
    return {
        "sections": sections,
        "page": page,
        "page_url": reverse("digest:learned"),
        "others": _with_buttons(page.object_list, said),
        "has_archive": newest_archive() is not None,
        "words": [mute for mute in mutes if mute.kind == Mute.Kind.WORD],
        "authors": [mute for mute in mutes if mute.kind == Mute.Kind.AUTHOR],
        "unlearned": [mute for mute in mutes if mute.kind == Mute.Kind.LEARNED],
    }


def _read_said(user: User) -> dict[int, list[saying.Act]]:
    """The acts that can be taken back, by the id of the paper."""
    said: dict[int, list[saying.Act]] = {}
    marks = Mark.objects.filter(user=user)
    for paper_id, verdict in marks.values_list("paper_id", "verdict"):
        said.setdefault(paper_id, []).append(saying.ACTS[verdict])
    for paper_id in SavedPaper.objects.filter(user=user).values_list(
        "paper_id", flat=True
    ):
        said.setdefault(paper_id, []).append(saying.ACTS["save"])
    return said


def _with_buttons(
    papers: Iterable[Paper], said: dict[int, list[saying.Act]]
) -> tuple[SaidPaper, ...]:
    return tuple(
        SaidPaper(paper, tex.to_unicode(paper.title), tuple(said.get(paper.pk, ())))
        for paper in papers
    )


def _press(user: User, sent: QueryDict, now: datetime) -> saying.Outcome | None:
    """Do what the button says; None for a button that there is not."""
    if stem := sent.get("unlearn"):
        return _unlearn(user, stem, now)
    if "undo" in sent:
        number = sent.get("paper", "")
        is_number = number.isdecimal() and len(number) <= saying.MOST_DIGITS
        paper = Paper.objects.filter(pk=int(number)).first() if is_number else None
        return saying.press(user, paper, sent, now) if paper else None
    return saying.press_mute(user, sent, now)


def _unlearn(user: User, stem: str, now: datetime) -> saying.Outcome:
    try:
        mute_learned(user, stem, now=now)
    except MuteRefusedError as error:
        return saying.Outcome(mute_refusal(error), is_refused=True)
    return saying.Outcome(_("This word is not learned any more."))
