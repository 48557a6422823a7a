"""Topics of a reader's own: tried before they are saved, changed, taken away."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from digest import subscriptions, tasks
from digest.forms import PersonalTopicForm
from digest.models import Schedule, Strictness, Topic
from digest.pipeline.match.backtest import BackTest, back_test
from digest.views.cards import Card, Place, make_cards
from digest.views.reader import reader_required

form_page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Trial:
    """What a topic would have brought in the last days, as the page shows it.

    `levels`: each step of the slider with its papers; none where a query decides.
    """

    count: int
    per_week: int
    levels: tuple[tuple[str, int], ...]
    cards: tuple[Card, ...]


@reader_required
@form_page
def personal_topic_add(request: HttpRequest, schedule: Schedule) -> HttpResponseBase:
    """Make a topic of one's own; it is matched with the last days at once."""
    form = PersonalTopicForm(request.POST or None, user=schedule.user)
    now = timezone.now()
    if form.is_valid() and not _is_trial(request):
        try:
            subscription = subscriptions.add_personal_topic(
                schedule.user, **form.cleaned_data, now=now
            )
        except subscriptions.TooManyTopicsError:
            form.add_error(None, _("You have 30 topics of your own; remove one first."))
        else:
            tasks.wake(tasks.match_topic, subscription.topic_id)
            return redirect(f"{reverse('digest:preferences')}?saved=own")
    return _show(request, form, now)


@reader_required
@form_page
def personal_topic_edit(
    request: HttpRequest, schedule: Schedule, slug: str
) -> HttpResponseBase:
    """Change the name, or what is wanted, of a topic of one's own."""
    topic = _own_topic(schedule, slug)
    form = PersonalTopicForm(request.POST or None, instance=topic, user=schedule.user)
    if form.is_valid() and not _is_trial(request):
        topic.matched_at = None
        topic.save(update_fields=[*form.cleaned_data, "matched_at"])
        tasks.wake(tasks.match_topic, topic.pk)
        return redirect(f"{reverse('digest:preferences')}?saved=own")
    return _show(request, form, timezone.now(), slug)


@reader_required
@require_POST
def personal_topic_remove(
    _request: HttpRequest, schedule: Schedule, slug: str
) -> HttpResponseBase:
    """Take a topic of one's own away."""
    subscriptions.remove_personal_topic(_own_topic(schedule, slug), now=timezone.now())
    return redirect(f"{reverse('digest:preferences')}?saved=own")


def _is_trial(request: HttpRequest) -> bool:
    return "try" in request.POST


def _show(
    request: HttpRequest, form: PersonalTopicForm, now: datetime, slug: str = ""
) -> HttpResponseBase:
    trial = None
    if _is_trial(request) and form.is_valid():
        trial = _describe(
            back_test(
                form.cleaned_data["query"],
                form.cleaned_data["wish"],
                now=now,
                strictness=Strictness(form.cleaned_data["strictness"]),
            )
        )
    context = {"form": form, "slug": slug, "trial": trial}
    return render(request, "digest/personal_topic.html", context)


def _describe(tried: BackTest) -> Trial:
    papers = [one.paper for one in tried.papers]
    places = {
        one.paper.pk: Place(evidence=[asdict(piece) for piece in one.evidence])
        for one in tried.papers
    }
    return Trial(
        count=tried.count,
        per_week=round(tried.per_week),
        levels=tuple((str(level.label), n) for level, n in tried.counts.items()),
        cards=tuple(make_cards(papers, places)),
    )


def _own_topic(schedule: Schedule, slug: str) -> Topic:
    return get_object_or_404(
        Topic, slug=slug, owner_id=schedule.user_id, is_retired=False
    )
