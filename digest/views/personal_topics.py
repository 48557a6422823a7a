"""Topics of a reader's own: made, tried before they are saved, changed, removed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from digest import tasks
from digest.forms import LibraryForm, PersonalTopicForm
from digest.models import Paper, Schedule, Subscription, Topic
from digest.reading import subscriptions
from digest.views.reader import reader_required
from digest.views.starting import add_library, fill_in, read_library, show_problems
from digest.views.trying import settings, show_examples, try_topic

STEP = "step"
"""The name of the buttons that try one place further on the slider."""

form_page = require_http_methods(["GET", "HEAD", "POST"])


@reader_required
@form_page
def personal_topic_add(request: HttpRequest, schedule: Schedule) -> HttpResponseBase:
    """Make a topic of one's own; it is matched with the last days at once."""
    is_sent = request.method == "POST"
    library = read_library(request)
    form = PersonalTopicForm(
        _typed(request, library) if is_sent else None,
        initial=fill_in(request.GET),
        user=schedule.user,
    )
    if library or _is_tried(request):
        return _show(request, form, library, tried=True)
    if is_sent and form.is_valid():
        try:
            subscription = _add(schedule.user, form, timezone.now())
        except subscriptions.TooManyTopicsError:
            form.add_error(None, _("You have 30 topics of your own; remove one first."))
        else:
            tasks.wake(tasks.match_topic, subscription.topic_id)
            return redirect(f"{reverse('digest:preferences')}?saved=own")
    return _show(request, form)


@reader_required
@form_page
def personal_topic_edit(
    request: HttpRequest, schedule: Schedule, slug: str
) -> HttpResponseBase:
    """Change what a topic of one's own asks for, or its name."""
    topic = _own_topic(schedule, slug)
    examples = Paper.objects.shown().filter(pk__in=topic.examples.values("paper"))
    is_sent = request.method == "POST"
    library = read_library(request)
    form = PersonalTopicForm(
        _typed(request, library) if is_sent else None,
        instance=topic,
        initial={"examples": examples},
        user=schedule.user,
    )
    if library or _is_tried(request):
        return _show(request, form, library, tried=True, slug=slug)
    if is_sent and form.is_valid():
        topic.matched_at = None
        with transaction.atomic():
            topic.save(update_fields=[*form.Meta.fields, "matched_at"])
            subscriptions.set_examples(
                topic, form.cleaned_data["examples"], now=timezone.now()
            )
        tasks.wake(tasks.match_topic, topic.pk)
        return redirect(f"{reverse('digest:preferences')}?saved=own")
    return _show(request, form, slug=slug)


@reader_required
@require_POST
def personal_topic_remove(
    _request: HttpRequest, schedule: Schedule, slug: str
) -> HttpResponseBase:
    """Take a topic of one's own away."""
    subscriptions.remove_personal_topic(_own_topic(schedule, slug), now=timezone.now())
    return redirect(f"{reverse('digest:preferences')}?saved=own")


def _add(user: User, form: PersonalTopicForm, now: datetime) -> Subscription:
    """Make the topic with its examples, or nothing of it."""
    fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
    with transaction.atomic():
        made = subscriptions.add_personal_topic(user, **fields, now=now)
        subscriptions.set_examples(made.topic, form.cleaned_data["examples"], now=now)
    return made


def _show(
    request: HttpRequest,
    form: PersonalTopicForm,
    library: LibraryForm | None = None,
    *,
    tried: bool = False,
    slug: str = "",
) -> HttpResponseBase:
    """The form; what it would bring, if that was asked and the form can be read.

    A topic can be tried before it has a name; so it is whenever a file was read.
    """
    trial = None
    if tried:
        if not form.is_named:
            form.errors.pop("name", None)
        if not {"query", "wish", "strictness", "examples"} & set(form.errors):
            trial = try_topic(form.cleaned_data, now=timezone.now())
    context: dict[str, Any] = {
        "form": form,
        "is_filled_in": request.method == "GET" and bool(request.GET),
        "library": library or LibraryForm(),
        "problems": show_problems(library),
        "slug": slug,
        "trial": trial,
        "settings": settings(form["strictness"].value(), trial),
        "examples": show_examples(form.example_papers),
    }
    return render(request, "digest/personal_topic.html", context)


def _is_tried(request: HttpRequest) -> bool:
    return bool({"try", STEP} & request.POST.keys())


def _typed(request: HttpRequest, library: LibraryForm | None) -> QueryDict:
    """What was sent, and what a file adds; a next step's button moves the slider."""
    typed = request.POST.copy()
    if step := request.POST.get(STEP):
        typed["strictness"] = step
    if library and library.is_valid():
        add_library(typed, library)
    return typed


def _own_topic(schedule: Schedule, slug: str) -> Topic:
    return get_object_or_404(
        Topic, slug=slug, owner_id=schedule.user_id, is_retired=False
    )
