"""Topics of a reader's own: made, tried before they are saved, changed, removed."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.emails import one_line
from digest import subscriptions, tasks, tex
from digest.forms import PersonalTopicForm
from digest.models import Paper, Schedule, Topic
from digest.pipeline.render.paper import shorten
from digest.views.reader import reader_required
from digest.views.trying import settings, try_topic

NAME_LENGTH = 60

STEP = "step"
"""The name of the buttons that try one place further on the slider."""

form_page = require_http_methods(["GET", "HEAD", "POST"])


@reader_required
@form_page
def personal_topic_add(request: HttpRequest, schedule: Schedule) -> HttpResponseBase:
    """Make a topic of one's own; it is matched with the last days at once."""
    is_sent = request.method == "POST"
    form = PersonalTopicForm(
        _typed(request) if is_sent else None,
        initial=_prefilled(request),
        user=schedule.user,
    )
    if is_sent and _is_tried(request):
        return _show(request, form, tried=True)
    if is_sent and form.is_valid():
        try:
            subscription = subscriptions.add_personal_topic(
                schedule.user, **form.cleaned_data, now=timezone.now()
            )
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
    is_sent = request.method == "POST"
    form = PersonalTopicForm(
        _typed(request) if is_sent else None, instance=topic, user=schedule.user
    )
    if is_sent and _is_tried(request):
        return _show(request, form, tried=True, slug=slug)
    if is_sent and form.is_valid():
        topic.matched_at = None
        topic.save(update_fields=[*form.fields, "matched_at"])
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


def _show(
    request: HttpRequest,
    form: PersonalTopicForm,
    *,
    tried: bool = False,
    slug: str = "",
) -> HttpResponseBase:
    """The form; what it would bring, if that was asked and the form can be read.

    A topic can be tried before it has a name.
    """
    trial = None
    if tried:
        if not form.is_named:
            form.errors.pop("name", None)
        if not {"query", "wish", "strictness"} & set(form.errors):
            trial = try_topic(form.cleaned_data, now=timezone.now())
    context: dict[str, Any] = {
        "form": form,
        "slug": slug,
        "trial": trial,
        "settings": settings(form["strictness"].value(), trial),
    }
    return render(request, "digest/personal_topic.html", context)


def _is_tried(request: HttpRequest) -> bool:
    return bool({"try", STEP} & request.POST.keys())


def _typed(request: HttpRequest) -> QueryDict:
    """What was sent; a button of a next step moves the slider."""
    typed = request.POST.copy()
    if step := request.POST.get(STEP):
        typed["strictness"] = step
    return typed


def _prefilled(request: HttpRequest) -> dict[str, str]:
    """What an address fills in: of a search, or of a paper of which more is wanted."""
    fields = {name: request.GET.get(name, "") for name in ("name", "wish", "query")}
    if slug := request.GET.get("like"):
        paper = get_object_or_404(Paper.objects.shown(), slug=slug)
        title = one_line(tex.to_unicode(paper.title))
        fields |= {"name": shorten(title, NAME_LENGTH), "wish": title}
    return fields


def _own_topic(schedule: Schedule, slug: str) -> Topic:
    return get_object_or_404(
        Topic, slug=slug, owner_id=schedule.user_id, is_retired=False
    )
