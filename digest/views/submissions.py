"""Propose a paper, and see what became of those proposed before."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.private import private_page, signed_in
from digest import tasks
from digest.forms import SubmissionForm
from digest.models import Submission
from digest.reading import submitting, trust
from digest.views import refusals

MOST_SHOWN = 100


@private_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """The form, and below it the reader's own proposals, the last one first."""
    user = signed_in(request)
    form = SubmissionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wish = submitting.Wish(**form.cleaned_data)
        try:
            made = submitting.submit(user, wish, now=timezone.now())
        except trust.RefusedError as error:
            form.add_error(None, refusals.in_words(error))
        else:
            tasks.wake(tasks.look_up_submission, made.pk)
            messages.success(request, _("Thank you. A curator will look at it."))
            return redirect("digest:submit")
    own = Submission.objects.filter(user=user).select_related("paper__merged_into")
    context = {"form": form, "submissions": own[:MOST_SHOWN]}
    return render(request, "digest/submit.html", context)
