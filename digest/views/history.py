"""A reader's digests, newest first: what was sent, held back or left out, and why.

Five queries for a page, however many digests and papers there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from digest.models import Delivery, Digest, DigestItem, Schedule
from digest.pipeline.render import fates
from digest.views.paging import read_page
from digest.views.reader import reader_required

PAGE_SIZE = 25

State = Delivery.State

LEFT_OUT = {
    Digest.Reason.EMPTY: gettext_lazy("Nothing new had come for your topics."),
    Digest.Reason.PAUSED: gettext_lazy("You had paused your digests."),
    Digest.Reason.SUPPRESSED: gettext_lazy(
        "Your address had refused our mail or reported it, so nothing was sent."
    ),
    Digest.Reason.SUPERSEDED: gettext_lazy(
        "We were late, and the next one was due: it brought these papers, too."
    ),
    Digest.Reason.EXPIRED: gettext_lazy("We were too late for it."),
    Digest.Reason.NONEXISTENT: gettext_lazy("Your clock never showed that hour."),
    Digest.Reason.TOO_SOON: gettext_lazy(
        "Another one had been sent less than 12 hours before."
    ),
}
"""Why a period brought no mail."""

FREED = gettext_lazy("Its papers come with a later one.")

BECAME = {
    State.PLANNED: gettext_lazy("It is being made ready."),
    State.QUEUED: gettext_lazy("It waits for its turn to be sent."),
    State.CLAIMED: gettext_lazy("It waits for its turn to be sent."),
    State.HANDOFF: gettext_lazy("It is being handed to the mail server."),
    State.ACCEPTED: gettext_lazy("Sent: the mail server took it."),
    State.FAILED: gettext_lazy("It could not be sent."),
    State.UNCERTAIN: gettext_lazy(
        "Uncertain: the mail server did not say whether it took it. It is not sent "
        "again, so that it does not come twice."
    ),
    State.SKIPPED: gettext_lazy("It was cancelled before it left, at your wish."),
}
"""How far a mail came."""

CAME_BACK = {
    "bounced": gettext_lazy("Later it came back."),
    "rejected": gettext_lazy("Later it was refused."),
    "complained": gettext_lazy("Later it was reported as unwanted."),
    "delivered": gettext_lazy("It was delivered."),
}
"""What the mail provider told later, the worst first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One digest in the history, due on this day and hour of its own zone."""

    digest: Digest
    day: date
    hour: str
    sentences: Sequence[str]
    mailed: int
    held: int


@reader_required
@require_safe
def history(request: HttpRequest, schedule: Schedule) -> HttpResponse:
    """One page of the reader's digests."""
    digests = (
        Digest.objects.filter(user_id=schedule.user_id)
        .select_related("delivery")
        .prefetch_related("delivery__events")
    )
    page = read_page(digests, request.GET.get("page", 1), PAGE_SIZE)
    counts = _count_papers(list(page))
    context = {
        "lines": [_line(digest, *counts.get(digest.pk, (0, 0))) for digest in page],
        "page": page,
        "page_url": request.path,
    }
    return render(request, "digest/history.html", context)


def _count_papers(digests: Sequence[Digest]) -> Mapping[int, tuple[int, int]]:
    """Papers in each mail, and papers that it had no room for."""
    items = DigestItem.objects.filter(
        digest__in=[digest.pk for digest in digests],
        released_at__isnull=True,
        paper__hidden__isnull=True,
    ).order_by()
    counted = items.values("digest").annotate(
        mailed=Count("pk", filter=Q(is_in_mail=True)),
        held=Count("pk", filter=Q(is_in_mail=False)),
    )
    rows = counted.values_list("digest", "mailed", "held")
    return {digest_id: (mailed, held) for digest_id, mailed, held in rows}


def _line(digest: Digest, mailed: int, held: int) -> Line:
    due = timezone.localtime(digest.due_at, ZoneInfo(digest.zone))
    hour = date_format(due, "H:i")
    return Line(digest, due.date(), hour, _sentences(digest), mailed, held)


def _sentences(digest: Digest) -> list[str]:
    if digest.status == Digest.Status.SKIPPED:
        _covered, missing = fates.coverage(digest.coverage)
        return [str(LEFT_OUT[Digest.Reason(digest.reason)]), *missing]
    delivery: Delivery | None = getattr(digest, "delivery", None)
    if delivery is None:
        # The two are written together, and the delivery goes after its year.
        return [_("What became of it is kept for a year only.")]
    state = State(delivery.state)
    told = [str(BECAME[state])]
    if state == State.FAILED and delivery.reason == "expired":
        told = [_("It could not be sent in time.")]
    if state in {State.FAILED, State.SKIPPED}:
        told.append(str(FREED))
    types = {event.event_type for event in delivery.events.all()}
    told += [str(words) for name, words in CAME_BACK.items() if name in types][:1]
    return told
