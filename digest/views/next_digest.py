"""A reader's next digest as it would look now; nothing is written."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from digest.models import Schedule
from digest.pipeline import plan
from digest.pipeline.render.preview import preview_mail
from digest.sandbox import sandboxed
from digest.views.reader import (
    in_words,
    is_paused,
    next_digest_at,
    reader_required,
)


@reader_required
@require_safe
def next_digest(request: HttpRequest, schedule: Schedule) -> HttpResponse:
    """The page around the mail: when it goes, and what may change until then."""
    now = timezone.now()
    _digest, items = plan.draft_next(schedule, now=now)
    due_at = next_digest_at(schedule, now)
    context = {
        "has_papers": bool(items),
        "is_paused": is_paused(schedule, now),
        "reader": schedule,
        "due": in_words(due_at, schedule.zone) if due_at else "",
    }
    return render(request, "digest/next_digest.html", context)


@reader_required
@require_safe
def next_digest_mail(_request: HttpRequest, schedule: Schedule) -> HttpResponse:
    """The mail itself."""
    digest, items = plan.draft_next(schedule, now=timezone.now())
    if not items:
        raise Http404
    return sandboxed(preview_mail(digest, items).html_text)
