"""Who is reading: the person signed in, or the one whose mail's link was opened.

The link of a mail leaves a signed cookie for an hour. It opens topics, schedule and
pause, and nothing that asks for a sign-in.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.views.private import View, private_page
from digest.models import Cadence, Schedule, Timing
from digest.pipeline.plan import rule_of
from digest.pipeline.plan.waiting import missing_sources
from digest.schedule import latest_due, next_due

ReaderView = Callable[..., HttpResponseBase]

MANAGE_SALT = "digest.manage"
MANAGE_SECONDS = 3600
COOKIE_PARTS = 3


def current_reader(request: HttpRequest) -> Schedule | None:
    """Whose link was opened last in this browser, else who is signed in, else None.

    The cookie of a link counts only for whoever was signed in when it was opened:
    signing in or out afterwards ends it.
    """
    readers = Schedule.objects.select_related("user").filter(user__is_active=True)
    admitted = _read_cookie(request).split(":")
    if len(admitted) == COOKIE_PARTS and admitted[2] == _signed_in(request):
        pk, epoch = int(admitted[0]), int(admitted[1])
        reader = readers.filter(pk=pk, user__token_epoch=epoch).first()
        if reader:
            return reader
    if isinstance(request.user, User):
        return readers.filter(user=request.user).first()
    return None


def _signed_in(request: HttpRequest) -> str:
    return str(request.user.pk or "")


def reader_required(view: ReaderView) -> View:
    """Hand the view its reader's schedule; send a stranger to sign in, or up."""

    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        schedule = current_reader(request)
        if schedule:
            return view(request, schedule, **kwargs)
        if request.user.is_authenticated:
            return redirect("digest:subscribe")
        is_read = request.method in {"GET", "HEAD"}
        back = request.get_full_path() if is_read else reverse("digest:preferences")
        return redirect_to_login(back)

    return private_page(wrapped)


def admit(request: HttpRequest, response: HttpResponseBase, schedule: Schedule) -> None:
    """Let this browser manage the schedule for an hour. No row is written."""
    response.set_signed_cookie(
        _cookie_name(),
        f"{schedule.pk}:{schedule.user.token_epoch}:{_signed_in(request)}",
        salt=MANAGE_SALT,
        max_age=MANAGE_SECONDS,
        path="/",
        secure=_is_https(),
        httponly=True,
        samesite="Lax",
    )


def _read_cookie(request: HttpRequest) -> str:
    try:
        value = request.get_signed_cookie(
            _cookie_name(), salt=MANAGE_SALT, max_age=MANAGE_SECONDS
        )
    except (KeyError, signing.BadSignature):
        return ""
    return str(value)


def _cookie_name() -> str:
    """Browsers take the prefix only over https, from this very host."""
    return "__Host-manage" if _is_https() else "manage"


def _is_https() -> bool:
    """Plain http is for loopback in development; the settings see to that."""
    return settings.SITE_URL.startswith("https:")


def is_paused(schedule: Schedule, now: datetime) -> bool:
    """Whether no mail comes today, by the reader's own calendar."""
    today = timezone.localdate(now, ZoneInfo(schedule.zone))
    return schedule.paused_until is not None and schedule.paused_until > today


def next_digest_at(schedule: Schedule, now: datetime) -> datetime | None:
    """When the next digest is due, past any pause; None after the end of all."""
    if schedule.ended_at:
        return None
    after = now
    if schedule.paused_until:
        zone = ZoneInfo(schedule.zone)
        begins = datetime.combine(schedule.paused_until, time(), tzinfo=zone)
        after = max(now, begins - timedelta(microseconds=1))
    return next_due(rule_of(schedule), after).due_at


def in_words(instant: datetime, zone: str) -> str:
    """An instant on the reader's clock: "Friday 20 November, 07:00 (Europe/Paris)"."""
    local = timezone.localtime(instant, ZoneInfo(zone))
    return _("{day}, {time} ({zone})").format(
        day=date_format(local, "l j F"), time=date_format(local, "H:i"), zone=zone
    )


def wait_in_words(schedule: Schedule, now: datetime) -> str:
    """What a digest that is due waits for, and until when; "" if none waits."""
    if schedule.held_until is None or schedule.next_due_at > now:
        return ""
    names = [source.name for source in missing_sources(schedule.user_id, now)]
    period = latest_due(rule_of(schedule), now)
    latest = period.due_at + timedelta(hours=settings.DIGEST_WAIT_HOURS)
    return _("Today's digest waits for {sources}; it goes by {latest}.").format(
        sources=", ".join(names) or _("the day's papers"),
        latest=in_words(latest, schedule.zone),
    )


def rule_in_words(schedule: Schedule) -> str:
    """The reader's wish as a sentence: "Every Monday at 07:00, Europe/Paris time."."""
    values = {
        "day": schedule.get_weekday_display(),
        "month_day": schedule.month_day,
        "hour": f"{schedule.hour:02d}:00",
        "zone": schedule.zone,
    }
    sentences = {
        Cadence.DAILY: _("Every day at {hour}, {zone} time."),
        Cadence.WEEKLY: _("Every {day} at {hour}, {zone} time."),
        Cadence.MONTHLY: _("Every month, on day {month_day} at {hour}, {zone} time."),
    }
    if schedule.timing == Timing.WHEN_IN:
        sentences = {
            Cadence.DAILY: _("Every day, as soon as its papers are in."),
            Cadence.WEEKLY: _("Every {day}, as soon as its papers are in."),
            Cadence.MONTHLY: _(
                "Every month, on day {month_day}, as soon as its papers are in."
            ),
        }
    return sentences[Cadence(schedule.cadence)].format(**values)
