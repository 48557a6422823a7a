"""Pages on which a reader says what they think of one paper: from a mail, from the web.

The link of a mail opens these pages and nothing else, for the papers it names and for
the reader whose mail it is. It needs no sign-in and sets no cookie; a GET changes
nothing, so that a program which follows links does no harm.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import tokens
from accounts.addresses import mask
from accounts.models import User
from accounts.views.private import token_page
from digest import tex
from digest.models import Paper, Schedule
from digest.pipeline.render.paper import byline
from digest.views import saying
from digest.views.reader import reader_required

page = require_http_methods(["GET", "HEAD", "POST"])


@token_page
@page
def feedback_link(
    request: HttpRequest, token: str, paper_id: int, act: str = ""
) -> HttpResponse:
    """The page that a link in a mail leads to."""
    reader = _find_reader(token)
    paper = _shown().filter(pk=paper_id).first()
    if reader is None or paper is None or not _is_known(act):
        return render(request, "digest/link_unknown.html", status=404)
    others = reverse("digest:feedback_link", args=[token, paper_id])
    return _answer(request, reader, paper, {"act": act, "others": others})


@reader_required
@page
def feedback(
    request: HttpRequest, schedule: Schedule, slug: str, act: str = ""
) -> HttpResponse:
    """The same page for whoever reads on the web."""
    paper = get_object_or_404(_shown(), slug=slug)
    if not _is_known(act):
        raise Http404
    others = reverse("digest:feedback", args=[slug])
    context = {"act": act, "others": others, "reader": schedule}
    return _answer(request, schedule.user, paper, context)


def _answer(
    request: HttpRequest, user: User, paper: Paper, context: dict[str, object]
) -> HttpResponse:
    """Press the button that was sent, if any; show what can be said, with the undo."""
    work = paper.merged_into or paper
    act = str(context["act"])
    outcome, status = None, 200
    if request.method == "POST":
        outcome = saying.press(user, work, request.POST, timezone.now())
        status = 200 if outcome else 400
    words = saying.matched_words(user, paper)
    shown = {
        "heading": _heading(act),
        "paper": work,
        "title": tex.to_unicode(work.title),
        "byline": byline(work.author_names, work.organisation, []),
        "masked": mask(user.email),
        "outcome": outcome,
        "choices": saying.choices(user, work, act),
        "can_mute": act in {"", saying.MUTE},
        "typed": outcome.refused_word if outcome else "",
        "words": words,
        "authors": saying.authors_of(work),
    }
    return render(request, "digest/feedback.html", context | shown, status=status)


def _heading(act: str) -> str:
    if act in saying.ACTS:
        return str(saying.ACTS[act].title)
    return _("Mute a word or an author") if act else _("What do you say of this paper?")


def _is_known(act: str) -> bool:
    return act in {"", saying.MUTE, *saying.ACTS}


def _shown() -> QuerySet[Paper]:
    return Paper.objects.select_related("merged_into").filter(hidden__isnull=True)


def _find_reader(token: str) -> User | None:
    """Whose mail it is."""
    if not tokens.is_well_formed(token):
        return None
    rows = Schedule.objects.select_related("user").filter(user__is_active=True)
    schedule = rows.filter(feedback_token=token).first()
    return schedule.user if schedule else None
