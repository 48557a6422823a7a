"""How many papers of each topic a mail may hold, beside what each brings a week."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from digest.models import Subscription, Topic
from digest.pipeline.match.volume import weekly_volumes
from digest.pipeline.plan.gathering import level_of

MOST = 50


class TopicLimitsForm(forms.Form):
    """A number for each subscribed topic; an empty field sets no limit."""

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Subscription.objects.active().filter(user=user)
        self.subscriptions = list(active.select_related("topic"))
        volumes = weekly_volumes({s.topic_id for s in self.subscriptions}, today)
        for subscription in self.subscriptions:
            weekly = volumes.get(subscription.topic_id, {})
            self.fields[_name(subscription)] = forms.IntegerField(
                label=_label(subscription, weekly.get(level_of(subscription), 0.0)),
                required=False,
                min_value=1,
                max_value=MOST,
                initial=subscription.max_papers,
                widget=forms.NumberInput(
                    attrs={"placeholder": gettext_lazy("no limit")}
                ),
            )

    def save(self) -> None:
        """Write what changed."""
        for subscription in self.subscriptions:
            limit = self.cleaned_data[_name(subscription)]
            if limit != subscription.max_papers:
                subscription.max_papers = limit
                subscription.save(update_fields=["max_papers"])


def _name(subscription: Subscription) -> str:
    return f"limit-{subscription.pk}"


def _label(subscription: Subscription, weekly: float) -> str:
    name = _("At most from {topic}").format(topic=subscription.topic.name)
    if subscription.topic.kind == Topic.Kind.DAILY:
        return name  # picks and votes, which no query counts
    if not weekly:
        return _("{name} (nothing lately)").format(name=name)
    if weekly < 1:
        return _("{name} (less than 1 a week)").format(name=name)
    return _("{name} (about {papers} a week)").format(name=name, papers=round(weekly))
