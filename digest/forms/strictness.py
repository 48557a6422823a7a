"""How many papers each topic brings this reader: from many more to only the surest."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from digest.models import Strictness, Subscription
from digest.pipeline.match.volume import weekly_volumes


class StrictnessForm(forms.Form):
    """A choice for each subscribed topic that says in plain words what it wants.

    Elsewhere the query alone decides, and there is nothing to choose.
    """

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        active = Subscription.objects.active().filter(user=user).exclude(topic__wish="")
        self.subscriptions = list(active.select_related("topic"))
        volumes = weekly_volumes({s.topic_id for s in self.subscriptions}, today)
        for subscription in self.subscriptions:
            found = volumes.get(subscription.topic_id, {})
            weekly = {level: found.get(level, 0.0) for level in Strictness}
            usual = Strictness(subscription.topic.strictness)
            named = _("as the topic says: {step}").format(step=usual.label)
            self.fields[_name(subscription)] = forms.ChoiceField(
                label=subscription.topic.name,
                required=False,
                initial=subscription.strictness,
                choices=[
                    ("", _with_volume(named, weekly[usual])),
                    *(
                        (level.value, _with_volume(str(level.label), weekly[level]))
                        for level in Strictness
                    ),
                ],
            )

    def save(self) -> None:
        """Write what changed."""
        for subscription in self.subscriptions:
            chosen = self.cleaned_data[_name(subscription)]
            strictness = int(chosen) if chosen else None
            if strictness != subscription.strictness:
                subscription.strictness = strictness
                subscription.save(update_fields=["strictness"])


def _name(subscription: Subscription) -> str:
    return f"strictness-{subscription.pk}"


def _with_volume(step: str, papers: float) -> str:
    if 0 < papers < 1:
        return _("{step} (less than 1 a week)").format(step=step)
    return _("{step} (about {papers} a week)").format(step=step, papers=round(papers))
