"""Retire, merge and restore curated topics; whoever follows them is told by mail."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import tasks as accounts_tasks
from digest import tasks
from digest.admin.asking import AskForm, answers, ask
from digest.curating import retiring
from digest.models import Topic

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Topic]
else:
    Base = object


class RetireForm(AskForm):
    """Words for the readers of the topics that end."""

    action = "retire"
    title = gettext_lazy("Retire topics and tell their readers")
    button = gettext_lazy("Retire and send the mails")

    words = forms.CharField(
        label=gettext_lazy("Words to the readers"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Why, and what they could follow instead."),
    )

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counts = [retiring.readers_of(topic).count() for topic in topics]
        words = ngettext("{} mail goes out.", "{} mails go out.", sum(counts))
        said = self.fields["words"].help_text
        self.fields["words"].help_text = f"{said} {words.format(sum(counts))}"


class MergeForm(RetireForm):
    """The same, and which topic takes over."""

    action = "merge"
    title = gettext_lazy("Merge topics into another and tell their readers")
    button = gettext_lazy("Merge and send the mails")
    field_order = ["into", "words"]

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, topics=topics, **kwargs)
        others = Topic.objects.public().exclude(pk__in=[topic.pk for topic in topics])
        self.fields["into"] = forms.ModelChoiceField(
            others,
            label=_("Into"),
            help_text=_("Its readers keep it as it is; the others follow it now."),
        )
        self.order_fields(self.field_order)


class TopicActions(Base):
    """The actions on the list of topics."""

    @admin.action(description=gettext_lazy("Retire"), permissions=["change"])
    def retire(
        self, request: HttpRequest, queryset: QuerySet[Topic]
    ) -> TemplateResponse | None:
        """Ask for words, then take curated topics out of the offer."""
        topics = self._in_force(request, queryset)
        if not topics:
            return None
        form = RetireForm(answers(request), topics=topics)
        if not form.is_valid():
            return ask(self, request, form, topics)
        words, told = form.cleaned_data["words"], 0
        for topic in topics:
            outcome = retiring.retire(topic, words, now=timezone.now())
            told += outcome.told
            said = _("Retired, {count} readers told: {words}")
            self.log_change(
                request, topic, said.format(count=outcome.told, words=words)
            )
        accounts_tasks.wake()
        self._say(
            request,
            ngettext("{} topic retired.", "{} topics retired.", len(topics)),
            len(topics),
        )
        self._say(request, ngettext("{} mail sent.", "{} mails sent.", told), told)
        return None

    @admin.action(
        description=gettext_lazy("Merge into another topic"), permissions=["change"]
    )
    def merge(
        self, request: HttpRequest, queryset: QuerySet[Topic]
    ) -> TemplateResponse | None:
        """Ask which topic takes over, then move the subscriptions."""
        topics = self._in_force(request, queryset)
        if not topics:
            return None
        form = MergeForm(answers(request), topics=topics)
        if not form.is_valid():
            return ask(self, request, form, topics)
        into, words, moved = form.cleaned_data["into"], form.cleaned_data["words"], 0
        for topic in topics:
            outcome = retiring.merge_topics(topic, into, words, now=timezone.now())
            moved += outcome.moved
            said = _("Merged into {into}: {moved} subscriptions moved, {told} told.")
            self.log_change(
                request,
                topic,
                said.format(into=into.slug, moved=outcome.moved, told=outcome.told),
            )
            words_there = _("{topic} was merged into it.")
            self.log_change(request, into, words_there.format(topic=topic.slug))
        accounts_tasks.wake()
        sentence = ngettext(
            "Merged; {} subscription moved.", "Merged; {} subscriptions moved.", moved
        )
        self._say(request, sentence, moved)
        return None

    @admin.action(description=gettext_lazy("Restore"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Topic]) -> None:
        """Offer curated topics again, matched with the last days."""
        topics = list(queryset.filter(is_retired=True, owner=None))
        for topic in topics:
            retiring.restore(topic)
            tasks.wake(tasks.match_topic, topic.pk)
            self.log_change(request, topic, _("Restored."))
        sentence = ngettext("{} topic restored.", "{} topics restored.", len(topics))
        self._say(request, sentence, len(topics))

    def _in_force(self, request: HttpRequest, queryset: QuerySet[Topic]) -> list[Topic]:
        """The curated topics among the chosen that are not retired; words if none."""
        topics = list(queryset.filter(is_retired=False, owner=None))
        if not topics:
            words = _("None of these is a curated topic that is offered.")
            self.message_user(request, words, messages.WARNING)
        return topics

    def _say(self, request: HttpRequest, sentence: str, count: int) -> None:
        self.message_user(request, sentence.format(count), messages.SUCCESS)
