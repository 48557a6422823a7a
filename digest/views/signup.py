"""From a stranger to a reader: the form, the confirmation, the first papers."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import services
from accounts import tasks as accounts_tasks
from accounts.addresses import mask
from accounts.models import Signup
from accounts.views.private import token_page
from digest import tasks
from digest.forms import FORM_VERSION, SignupForm, consent_hash, zone_names
from digest.models import Cadence, Digest, Schedule, Topic
from digest.pipeline import plan
from digest.reading import subscriptions
from digest.views import outlook
from digest.views.reader import (
    admit,
    in_words,
    next_digest_at,
    reader_required,
    rule_in_words,
)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponse:
    """Take a sign-up; the answer is the same for every address, known or not."""
    is_sent = request.method == "POST"
    form = SignupForm(request.POST if is_sent else None, now=timezone.now())
    if is_sent and form.is_valid() and _begin(request, form):
        return render(request, "digest/check_mailbox.html")
    form.tick(request.GET.get("topic", ""))
    context = {"form": form, "zone_names": zone_names()}
    return render(request, "digest/subscribe.html", context)


def _begin(request: HttpRequest, form: SignupForm) -> bool:
    """Note the sign-up; False when the form must say why not.

    A program that took the bait gets a person's answer, and no mail.
    """
    if form.is_automated:
        return True
    try:
        services.begin_signup(
            address=form.cleaned_data["email"],
            wishes=form.wishes(),
            evidence=services.Evidence(
                ip_prefix=services.truncate_ip(_peer(request)),
                form_version=FORM_VERSION,
                text_hash=consent_hash(),
            ),
            now=form.now,
            invitation_code=form.cleaned_data.get("invitation", ""),
        )
    except services.SignupError as error:  # the invitation was used meanwhile
        form.add_error(None, str(error))
        return False
    accounts_tasks.wake()
    return True


def _peer(request: HttpRequest) -> str:
    """Address of the browser, seen through as many proxies as the settings trust."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:  # a server that listens on a socket file knows none
        return ""


@token_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button to whoever has the mail; the button confirms."""
    now = timezone.now()
    if request.method == "POST":
        schedule = _confirm(token)
        if schedule:
            response = redirect("digest:welcome")
            admit(request, response, schedule)
            return response
    signup = services.find_signup(token, now)
    if signup is None:
        return render(request, "digest/confirm_gone.html", status=410)
    return render(request, "digest/confirm.html", _describe(signup))


@transaction.atomic
def _confirm(token: str) -> Schedule | None:
    """Confirm and begin in one step; a second press finds what the first one made."""
    now = timezone.now()
    signup = services.find_signup(token, now)
    confirmed = services.confirm_signup(token, now)
    if signup is None or confirmed is None:
        return None
    known = Schedule.objects.select_related("user").filter(user=confirmed.user).first()
    if signup.confirmed_at and known:
        return known
    return subscriptions.start(confirmed.user, confirmed.wishes, now=now)


def _describe(signup: Signup) -> dict[str, Any]:
    """What will come if the button is pressed. Nothing here was typed by hand."""
    topics = Topic.objects.public().filter(slug__in=signup.wishes.get("topics", []))
    return {
        "masked": mask(signup.email),
        "topics": topics,
        # What a new schedule begins with.
        "rule": rule_in_words(Schedule(zone=signup.wishes.get("zone", "UTC"))),
        "is_known": signup.is_known,
        "is_invited": signup.is_invited,
    }


@reader_required
@require_safe
def welcome(request: HttpRequest, schedule: Schedule) -> HttpResponse:
    """Show what the last seven days would have brought, and when papers come."""
    now = timezone.now()
    sent = Digest.objects.filter(
        user_id=schedule.user_id, cadence=Cadence.WELCOME
    ).first()
    chosen = [] if sent else plan.preview(schedule.user_id, now=now)
    due_at = next_digest_at(schedule, now)
    context = {
        "reader": schedule,
        "masked": mask(schedule.user.email),
        "sent": sent,
        "sections": outlook.sections(chosen),
        "held_back": sum(not item.is_in_mail for item in chosen),
        "days": plan.WELCOME_DAYS,
        "rule": rule_in_words(schedule),
        "next_digest": in_words(due_at, schedule.zone) if due_at else "",
    }
    return render(request, "digest/welcome.html", context)


@reader_required
@require_POST
def send_welcome(_request: HttpRequest, schedule: Schedule) -> HttpResponseBase:
    """Send those papers now. They count as sent, and a second press sends nothing."""
    delivery_id = plan.plan_welcome(schedule.user_id, now=timezone.now())
    if delivery_id:
        tasks.wake(tasks.send_one, delivery_id)
    return redirect("digest:welcome")
