"""Topics in the admin: curated ones are edited, readers' own are only listed.

A saved topic is matched again with the papers of the last days. A topic that
somebody follows is retired, never deleted.
"""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest import tasks
from digest.admin import topic_lists, topic_trial
from digest.admin.evidence import NOTHING, mask_reader
from digest.admin.topic_actions import TopicActions
from digest.admin.topic_form import TopicForm
from digest.admin.topic_preview import ASKING, Preview
from digest.models import Match, Subscription, Topic
from digest.pipeline.match.strictness import wanted
from digest.pipeline.match.window import WINDOW_DAYS
from digest.pipeline.render import reason
from digest.reading import subscriptions

SHOWN_MATCHES = 15

FIELDS = ["name", "slug", "description", "kind", "wish", "examples", "strictness"]
FIELDS += [
    "query",
    "position",
    "is_retired",
    "whose",
    "subscriber_count",
    "match_lines",
]


class OwnerFilter(admin.SimpleListFilter):
    """Curated topics, or those that readers made."""

    title = gettext_lazy("whose")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Curated or personal."""
        return [("curated", _("Curated")), ("personal", _("Personal"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Topic]
    ) -> QuerySet[Topic]:
        """By whether there is an owner."""
        if self.value() in ("curated", "personal"):
            return queryset.filter(owner__isnull=self.value() == "curated")
        return queryset


@admin.register(Topic)
class TopicAdmin(Preview, TopicActions, admin.ModelAdmin[Topic]):
    """All topics, in the readers' order."""

    form = TopicForm
    list_display = [
        "name",
        "kind",
        "whose",
        "position",
        "subscriber_count",
        "match_count",
        "is_retired",
    ]
    list_filter = [OwnerFilter, "kind", "is_retired"]
    list_select_related = ["owner"]
    search_fields = ["name", "slug", "query", "wish"]
    show_full_result_count = False
    actions = ["retire", "merge", "restore"]

    def get_urls(self) -> list[URLPattern]:
        """Add the page that tries a topic, and those for files of topics."""
        own = [*topic_trial.pages(self), *topic_lists.pages(self)]
        return [*own, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Topic]:
        """Count subscribers and fresh matches with the rows, not row by row."""
        followed = Subscription.objects.exclude(status=Subscription.Status.ENDED)
        fresh = Match.objects.filter(
            wanted(),
            paper__announced_on__gt=_first_day(),
            paper__merged_into__isnull=True,
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                subscriber_count=_count_of(followed), match_count=_count_of(fresh)
            )
        )

    def get_fields(self, request: HttpRequest, obj: Topic | None = None) -> list[Any]:
        """The curators' own topic asks for nothing."""
        is_asking = obj is None or obj.kind != Topic.Kind.DAILY
        fields = [name for name in FIELDS if is_asking or name not in ASKING]
        if not self.has_change_permission(request, obj):
            # Shown, not chosen: what the form calls examples is no column.
            return ["example_lines" if n == "examples" else n for n in fields]
        return fields

    def get_readonly_fields(
        self, request: HttpRequest, obj: Topic | None = None
    ) -> list[str]:
        """Addresses of pages last, so a topic keeps its short name and kind."""
        shown = ["is_retired", "whose", "subscriber_count", "match_lines"]
        shown += ["example_lines"]
        return ["slug", "kind", *shown] if obj else shown

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Topic | None = None
    ) -> dict[str, Any]:
        """Suggest the short name of a new topic."""
        return {} if obj else {"slug": ["name"]}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A reader's own topic is the reader's."""
        is_curated = obj is None or obj.owner_id is None
        return is_curated and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A reader's own topic goes by the reader's hand or with the reader."""
        is_curated = obj is None or obj.owner_id is None
        return is_curated and super().has_delete_permission(request, obj)

    def get_deleted_objects(
        self, objs: Iterable[Topic], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """Say what stands against deleting; one reason is enough to stop it all."""
        topics = list(self.get_queryset(request).filter(pk__in=[t.pk for t in objs]))
        against = [words for topic in topics if (words := _why_kept(topic))]
        counts = {str(self.opts.verbose_name_plural): len(topics)}
        return [str(topic) for topic in topics], counts, set(), against

    def view_on_site(self, obj: Topic) -> str:
        """Link to the topic's page."""
        return obj.get_absolute_url()

    def save_model(
        self, request: HttpRequest, obj: Topic, form: Any, change: Any
    ) -> None:
        """Save, and have the topic matched again after the commit."""
        obj.matched_at = None
        # Examples may have given the words; they are rows of their own.
        columns = {*form.changed_data, "wish", "matched_at"} - {"examples"}
        obj.save(update_fields=columns if change else None)
        papers = form.cleaned_data.get("examples")
        if papers is not None:
            subscriptions.set_examples(obj, papers, now=timezone.now())
        tasks.wake(tasks.match_topic, obj.pk)

    @admin.display(description=gettext_lazy("whose"), ordering="owner_id")
    def whose(self, obj: Topic) -> str:
        """A curated topic, or the masked address of its owner."""
        return mask_reader(obj.owner) if obj.owner else _("curated")

    @admin.display(description=gettext_lazy("subscribers"), ordering="subscriber_count")
    def subscriber_count(self, obj: Any) -> int:
        """Active and paused subscriptions."""
        return int(getattr(obj, "subscriber_count", 0))

    @admin.display(description=gettext_lazy("matches of the last 14 days"))
    def match_count(self, obj: Any) -> int:
        """Matching papers announced in the days that are matched."""
        return int(obj.match_count)

    @admin.display(description=gettext_lazy("like these papers"))
    def example_lines(self, obj: Topic) -> SafeString | str:
        """Titles of the papers of which the topic wants more."""
        examples = obj.examples.select_related("paper") if obj.pk else []
        lines = ((one.paper.title,) for one in examples)
        return format_html_join("", "<p>{}</p>", lines) or NOTHING

    @admin.display(description=gettext_lazy("best matches of the last 14 days"))
    def match_lines(self, obj: Topic) -> SafeString | str:
        """The best papers with the reason, so that a query can be judged."""
        matches = (
            obj.matches.filter(
                wanted(),
                paper__announced_on__gt=_first_day(),
                paper__merged_into__isnull=True,
            )
            .select_related("paper")
            .best_first()[:SHOWN_MATCHES]
            if obj.pk
            else []
        )
        lines = ((m.paper.title, reason.as_text(m.evidence)) for m in matches)
        return format_html_join("", "<p>{} ({})</p>", lines) or NOTHING


def _first_day() -> date:
    """The day before the first that is matched."""
    return timezone.now().date() - timedelta(days=WINDOW_DAYS)


def _count_of(rows: QuerySet[Any]) -> Coalesce:
    """How many of the rows belong to the topic."""
    own = rows.filter(topic=OuterRef("pk")).order_by().values("topic")
    counted: QuerySet[Model, Any] = own.annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _why_kept(topic: Any) -> str:
    """Why this topic cannot be deleted; empty if it can."""
    if topic.owner_id:
        return _("“{name}” belongs to a reader.").format(name=topic.name)
    if not topic.subscriber_count:
        return ""
    return ngettext(
        "“{name}” has {count} subscriber: retire it instead.",
        "“{name}” has {count} subscribers: retire it instead.",
        topic.subscriber_count,
    ).format(name=topic.name, count=topic.subscriber_count)
