"""What a reader changes: topics, schedule, pause, the end."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from accounts import services, tokens
from accounts.addresses import mask
from accounts.views.private import token_page
from digest.forms import (
    PauseForm,
    ScheduleForm,
    StrictnessForm,
    TopicLimitsForm,
    TopicsForm,
    zone_names,
)
from digest.models import Schedule, Topic
from digest.pipeline import plan
from digest.reading import subscriptions
from digest.views.reader import (
    admit,
    in_words,
    is_paused,
    next_digest_at,
    reader_required,
    rule_in_words,
    wait_in_words,
)

form_page = require_http_methods(["GET", "HEAD", "POST"])


@token_page
@require_safe
def manage(request: HttpRequest, token: str) -> HttpResponseBase:
    """Exchange the link of a mail for a cookie: the token leaves the address bar."""
    readers = Schedule.objects.select_related("user").filter(user__is_active=True)
    schedule = None
    if tokens.is_well_formed(token):
        schedule = readers.filter(manage_token=token).first()
    if schedule is None:
        return render(request, "digest/link_unknown.html", status=404)
    response = redirect("digest:preferences")
    admit(request, response, schedule)
    return response


@reader_required
@form_page
def preferences(request: HttpRequest, schedule: Schedule) -> HttpResponse:
    """Show the small forms, or save the one that was sent."""
    now = timezone.now()
    refused: dict[str, forms.BaseForm] = {}
    status = 200
    if request.method == "POST":
        action = request.POST.get("action", "")
        if action in ACTIONS:
            form = ACTIONS[action](schedule, request.POST, now)
            if form is None:
                return redirect(f"{reverse('digest:preferences')}?saved={action}")
            refused = {action: form}
            schedule.refresh_from_db()
        else:
            status = 400
    context = _page(schedule, now) | refused | {"saved": request.GET.get("saved", "")}
    return render(request, "digest/preferences.html", context, status=status)


def _page(schedule: Schedule, now: datetime) -> dict[str, Any]:
    user = schedule.user
    due_at = next_digest_at(schedule, now)
    today = timezone.localdate(now, ZoneInfo(schedule.zone))
    return {
        "masked": mask(user.email),
        "reader": schedule,
        "is_paused": is_paused(schedule, now),
        "is_suppressed": services.is_suppressed(user.email, scope="digests"),
        "rule": rule_in_words(schedule),
        "waits": wait_in_words(schedule, now),
        "next_digest": in_words(due_at, schedule.zone) if due_at else "",
        "own_topics": Topic.objects.filter(owner=user, is_retired=False),
        "zone_names": zone_names(),
        "topics": TopicsForm(user=user),
        "strictness": StrictnessForm(user=user, today=today),
        "limits": TopicLimitsForm(user=user, today=today),
        "schedule": ScheduleForm(instance=schedule),
        "pause": PauseForm(instance=schedule, now=now),
    }


def _save_topics(
    schedule: Schedule, sent: QueryDict, now: datetime
) -> TopicsForm | None:
    form = TopicsForm(sent, user=schedule.user)
    if not form.is_valid():
        return form
    subscriptions.set_topics(schedule.user, form.topic_ids(), now=now)
    return None


def _save_strictness(
    schedule: Schedule, sent: QueryDict, now: datetime
) -> StrictnessForm | None:
    today = timezone.localdate(now, ZoneInfo(schedule.zone))
    form = StrictnessForm(sent, user=schedule.user, today=today)
    if not form.is_valid():
        return form
    form.save()
    return None


def _save_limits(
    schedule: Schedule, sent: QueryDict, now: datetime
) -> TopicLimitsForm | None:
    today = timezone.localdate(now, ZoneInfo(schedule.zone))
    form = TopicLimitsForm(sent, user=schedule.user, today=today)
    if not form.is_valid():
        return form
    form.save()
    return None


def _save_schedule(
    schedule: Schedule, sent: QueryDict, now: datetime
) -> ScheduleForm | None:
    form = ScheduleForm(sent, instance=schedule)
    if not form.is_valid():
        return form
    with transaction.atomic():
        # By name: an unsubscribe that came meanwhile must not be written over.
        schedule.save(update_fields=list(form.fields))
        plan.reschedule(schedule, now=now)
    return None


def _save_pause(schedule: Schedule, sent: QueryDict, now: datetime) -> PauseForm | None:
    form = PauseForm(sent, instance=schedule, now=now)
    if not form.is_valid():
        return form
    schedule.save(update_fields=["paused_until"])
    return None


def _end_pause(schedule: Schedule, _sent: QueryDict, _now: datetime) -> None:
    schedule.paused_until = None
    schedule.save(update_fields=["paused_until"])


def _end(schedule: Schedule, _sent: QueryDict, now: datetime) -> None:
    subscriptions.end_all(schedule, now=now)


def _resume(schedule: Schedule, _sent: QueryDict, now: datetime) -> None:
    subscriptions.resume(schedule, now=now)


Action = Callable[[Schedule, QueryDict, datetime], forms.BaseForm | None]

ACTIONS: dict[str, Action] = {
    "topics": _save_topics,
    "strictness": _save_strictness,
    "limits": _save_limits,
    "schedule": _save_schedule,
    "pause": _save_pause,
    "unpause": _end_pause,
    "end": _end,
    "resume": _resume,
}
"""What each button of the page does: None when done, else the form that says why."""
