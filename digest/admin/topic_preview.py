"""Before a topic that asks for something else is saved: what that would change.

Two curators at once do not overwrite each other: a form that shows an older state of
the topic is refused, with what changed and who changed it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.admin.utils import unquote
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import tex
from digest.admin.page import show_page
from digest.models import Paper, Strictness, Subscription, Topic
from digest.pipeline.match.comparing import Asking, Comparison, compare
from digest.pipeline.match.wishes import read_examples

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Topic]
    FormBase = forms.ModelForm[Topic]
else:
    Base = object
    FormBase = object

ASKING = {"wish", "examples", "strictness", "query"}
CHECKED = ("name", "description", *sorted(ASKING), "position")


class UnchangedMixin(FormBase):
    """A form that knows which state of its topic it shows: `state`, of which fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state = json.dumps(state_of(self.instance)) if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        """Refuse to overwrite what somebody changed since the form was shown."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "again" in self.data:
            self.add_error(None, _("Nothing is saved yet."))
        if "state" in self.data:
            stored = Topic.objects.get(pk=self.instance.pk)
            for name in _changed(self.data["state"], stored):
                self.add_error(
                    name if name in self.fields else None,
                    _("Changed meanwhile by {who}. It says now: {value}").format(
                        who=_who_changed(stored), value=_value(stored, name)
                    ),
                )
        return cleaned


class Preview(Base):
    """The step between "Save" and saving, on the page of a topic."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show what a change would do, until it was seen; then save."""
        if request.method == "POST" and object_id:
            page = self._preview(request, object_id)
            if page is not None:
                return page
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _preview(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        topic = self.get_object(request, unquote(object_id))
        if topic is None or not self.has_change_permission(request, topic):
            return None
        if topic.kind == Topic.Kind.DAILY:
            return None
        held = read_examples([topic.pk]).get(topic.pk, ())
        before = _asking(topic, held)
        form = self.get_form(request, topic, change=True)(request.POST, instance=topic)
        if not form.is_valid() or not ASKING & set(form.changed_data):
            return None
        after = _asking(topic, form.cleaned_data.get("examples") or ())
        if request.POST.get("looked_at") == _fingerprint(before, after):
            return None
        found = compare(before, after, now=timezone.now())
        context = {
            "title": _("What the change would do"),
            "original": topic,
            "typed": _typed(request),
            "looked_at": _fingerprint(before, after),
            "found": found,
            "sides": _sides(found),
            "volumes": _volumes(topic, before, after, found),
        }
        return show_page(self, request, "admin/digest/topic/preview.html", context)


def state_of(topic: Topic) -> dict[str, str]:
    """Each field that a curator edits, by a short hash of what it holds."""
    return {name: _hash(_value(topic, name)) for name in CHECKED}


def _value(topic: Topic, name: str) -> Any:
    """What a field holds; of examples, the papers' short names."""
    if name != "examples":
        return getattr(topic, name)
    slugs = topic.examples.order_by("pk").values_list("paper__slug", flat=True)
    return ", ".join(slugs)


def _asking(topic: Topic, liked: Iterable[Paper]) -> Asking:
    return Asking(topic.query, topic.wish, Strictness(topic.strictness), tuple(liked))


def _changed(shown: str, stored: Topic) -> list[str]:
    """Which fields hold something else than when the form was shown."""
    try:
        known = json.loads(shown)
    except ValueError:
        return list(CHECKED)
    if not isinstance(known, Mapping):
        return list(CHECKED)
    return [
        name for name, value in state_of(stored).items() if known.get(name) != value
    ]


def _who_changed(topic: Topic) -> str:
    entries = LogEntry.objects.filter(
        content_type=get_content_type_for_model(topic), object_id=str(topic.pk)
    )
    last = entries.select_related("user").order_by("-action_time").first()
    return str(last.user) if last else _("somebody")


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, to be sent again when it is saved."""
    kept = [
        name
        for name in request.POST
        if name not in {"csrfmiddlewaretoken", "looked_at", "again"}
    ]
    return [(name, value) for name in kept for value in request.POST.getlist(name)]


def _fingerprint(before: Asking, after: Asking) -> str:
    sides = [
        [one.query, one.wish, one.strictness, sorted(p.pk for p in one.liked)]
        for one in (before, after)
    ]
    return _hash(sides)


def _hash(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


def _sides(found: Comparison) -> list[dict[str, Any]]:
    """The papers that come besides, and those that no longer come."""
    named = (
        (_("Gained"), found.gained, found.gained_count),
        (_("Lost"), found.lost, found.lost_count),
    )
    return [
        {
            "name": name,
            "count": count,
            "more": count - len(papers),
            "papers": [(tex.to_unicode(p.title), p) for p in papers],
        }
        for name, papers, count in named
    ]


def _volumes(
    topic: Topic, before: Asking, after: Asking, found: Comparison
) -> list[dict[str, Any]]:
    """Papers a week for those who take the topic as it is, and at each own setting."""
    followed = Subscription.objects.filter(
        topic=topic, status=Subscription.Status.ACTIVE
    )
    counted = followed.order_by().values_list("strictness").annotate(Count("pk"))
    readers = dict(counted)
    rows: list[tuple[str, Strictness, Strictness, Strictness | None]] = [
        (_("as the topic says"), before.strictness, after.strictness, None)
    ]
    rows += [
        (str(level.label), level, level, level)
        for level in Strictness
        if level in readers
    ]
    return [
        {
            "label": label,
            "readers": readers.get(level, 0),
            "before": round(found.before[old]),
            "after": round(found.after[new]),
        }
        for label, old, new, level in rows
    ]
