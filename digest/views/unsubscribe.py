"""The links that stop mail: all digests (RFC 8058, one click) and one topic.

Each link can only stop, pause or thin out mail, and undo that; it shows a masked
address, needs no sign-in and sets no cookie. Only a POST changes anything.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import tokens
from accounts.addresses import mask
from accounts.views.private import token_page
from digest.models import Cadence, Schedule, Subscription
from digest.pipeline import plan
from digest.reading import subscriptions

UNDO_FOR = timedelta(days=30)
PAUSE_DAYS = 28

link = require_http_methods(["GET", "HEAD", "POST"])


@token_page
@link
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End all digests by one click or by the page's button; pause, thin out, undo."""
    now = timezone.now()
    schedule = _find_schedule(token)
    if _is_one_click(request):
        if schedule:
            subscriptions.end_all(schedule, now=now)
        return _one_click_answer()
    if schedule is None:
        return render(request, "digest/link_unknown.html", status=404)
    done = _pressed(request, SCHEDULE_BUTTONS)
    if done:
        SCHEDULE_BUTTONS[done](schedule, now)
        schedule.refresh_from_db()
    template = "unsubscribed" if schedule.ended_at or done else "unsubscribe"
    context = {
        **_choices(schedule, now),
        "done": done,
        "masked": mask(schedule.user.email),
    }
    status = 400 if request.method == "POST" and not done else 200
    return render(request, f"digest/{template}.html", context, status=status)


@token_page
@link
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """End one topic, and nothing else; then offer what else one may have meant."""
    now = timezone.now()
    subscription = _find_subscription(token)
    if _is_one_click(request):
        if subscription:
            subscriptions.leave(subscription, now=now)
        return _one_click_answer()
    if subscription is None:
        return render(request, "digest/link_unknown.html", status=404)
    done = _pressed(request, TOPIC_BUTTONS)
    if done:
        TOPIC_BUTTONS[done](subscription, now)
        subscription.refresh_from_db()
    has_left = subscription.status == Subscription.Status.ENDED
    context = {
        **_choices(subscription.user.schedule, now),
        "done": done,
        "masked": mask(subscription.user.email),
        "topic": subscription.topic.name,
        "can_undo": has_left and _is_recent(subscription.ended_at, now),
    }
    status = 400 if request.method == "POST" and not done else 200
    template = "left" if has_left or done else "leave"
    return render(request, f"digest/{template}.html", context, status=status)


def _find_schedule(token: str) -> Schedule | None:
    if not tokens.is_well_formed(token):
        return None
    rows = Schedule.objects.select_related("user")
    return rows.filter(unsubscribe_token=token).first()


def _find_subscription(token: str) -> Subscription | None:
    if not tokens.is_well_formed(token):
        return None
    rows = Subscription.objects.select_related("topic", "user__schedule")
    return rows.filter(leave_token=token).first()


def _is_one_click(request: HttpRequest) -> bool:
    """Exactly what RFC 8058 says a mail program sends, urlencoded or as multipart."""
    return request.POST.get("List-Unsubscribe") == "One-Click"


def _one_click_answer() -> HttpResponse:
    """For a program: no page, no cookie, no redirect, the same for every token."""
    return HttpResponse(
        _("No more mail comes through this link.") + "\n",
        content_type="text/plain; charset=utf-8",
    )


def _pressed(request: HttpRequest, buttons: dict[str, Callable[..., None]]) -> str:
    """Name of the page's button that was pressed, if any."""
    return next((name for name in buttons if name in request.POST), "")


def _choices(schedule: Schedule, now: datetime) -> dict[str, object]:
    """What the page can offer this reader beside its own button."""
    return {
        "reader": schedule,
        "stop_url": reverse("digest:unsubscribe", args=[schedule.unsubscribe_token]),
        "can_undo": _is_recent(schedule.ended_at, now),
        "is_daily": schedule.cadence == Cadence.DAILY,
        "is_weekly": schedule.cadence == Cadence.WEEKLY,
        "pause_days": PAUSE_DAYS,
    }


def _is_recent(ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is not None and now - ended_at <= UNDO_FOR


def _end(schedule: Schedule, now: datetime) -> None:
    subscriptions.end_all(schedule, now=now)


def _undo_end(schedule: Schedule, now: datetime) -> None:
    if _is_recent(schedule.ended_at, now):
        subscriptions.resume(schedule, now=now)


def _pause(schedule: Schedule, now: datetime) -> None:
    today = timezone.localdate(now, ZoneInfo(schedule.zone))
    until = today + timedelta(days=PAUSE_DAYS)
    if schedule.paused_until is None or schedule.paused_until < until:
        schedule.paused_until = until
        schedule.save(update_fields=["paused_until"])


def _make_weekly(schedule: Schedule, now: datetime) -> None:
    if schedule.cadence == Cadence.DAILY:
        _change_cadence(schedule, Cadence.WEEKLY, now)


def _make_monthly(schedule: Schedule, now: datetime) -> None:
    if schedule.cadence == Cadence.WEEKLY:
        _change_cadence(schedule, Cadence.MONTHLY, now)


def _change_cadence(schedule: Schedule, cadence: Cadence, now: datetime) -> None:
    schedule.cadence = cadence
    schedule.save(update_fields=["cadence"])
    plan.reschedule(schedule, now=now)


def _leave_topic(subscription: Subscription, now: datetime) -> None:
    subscriptions.leave(subscription, now=now)


def _undo_leave(subscription: Subscription, now: datetime) -> None:
    if _is_recent(subscription.ended_at, now):
        subscriptions.join(subscription.user, subscription.topic, now=now)


SCHEDULE_BUTTONS: dict[str, Callable[[Schedule, datetime], None]] = {
    "confirm": _end,
    "undo": _undo_end,
    "pause": _pause,
    "weekly": _make_weekly,
    "monthly": _make_monthly,
}
TOPIC_BUTTONS: dict[str, Callable[[Subscription, datetime], None]] = {
    "confirm": _leave_topic,
    "undo": _undo_leave,
}
