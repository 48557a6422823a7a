"""A vote: a page with a button for whoever follows a link, and what the button does.

A GET changes nothing. A reader who is not signed in does that first, and comes back
to the page with the button.
"""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.views.private import private_page, signed_in
from digest import tex
from digest.models import Paper
from digest.reading import trust, voting
from digest.views import refusals


@private_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the button, or vote, or take the vote back, and return to the list."""
    papers = Paper.objects.select_related("merged_into").filter(hidden__isnull=True)
    found = get_object_or_404(papers, slug=slug)
    paper, user = found.merged_into or found, signed_in(request)
    if request.method == "POST":
        _follow_wish(request, user, paper)
        return redirect(_back(request, paper))
    context = {
        "paper": paper,
        "title": tex.to_unicode(paper.title),
        "has_voted": voting.has_voted(user, paper),
    }
    return render(request, "digest/vote.html", context)


def _follow_wish(request: HttpRequest, user: User, paper: Paper) -> None:
    if request.POST.get("vote") == "no":
        voting.unvote(user, paper)
        messages.info(request, _("Your vote is taken back."))
        return
    try:
        voting.vote(user, paper, now=timezone.now())
    except trust.RefusedError as error:
        words = _("Your vote was not counted.")
        messages.warning(request, f"{words} {refusals.in_words(error)}")
    else:
        messages.success(request, _("Your vote counts."))


def _back(request: HttpRequest, paper: Paper) -> str:
    """Where the button stood, if that is on this site; else the paper's page."""
    there = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(there, allowed_hosts=None)
    return there if is_here else paper.get_absolute_url()
