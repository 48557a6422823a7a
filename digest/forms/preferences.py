"""The small forms of the preferences page: topics, schedule, pause."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from digest.forms.zones import ZoneField
from digest.models import Cadence, Order, Schedule, Subscription, Timing, Topic, Weekday
from digest.models.digest import LAST_MONTH_DAY

HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]
MONTH_DAYS = [(day, str(day)) for day in range(1, LAST_MONTH_DAY + 1)]


class TopicsForm(forms.Form):
    """Which topics bring papers: the curated ones and the reader's own."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        joined = Subscription.objects.active().filter(user=user)
        self.fields["topics"] = forms.ModelMultipleChoiceField(
            label=_("Topics"),
            # Curated topics first, each group in its own order.
            queryset=Topic.objects.filter(
                Q(owner=None) | Q(owner=user), is_retired=False
            ).order_by(F("owner").asc(nulls_first=True), "position", "name"),
            initial=list(joined.values_list("topic_id", flat=True)),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def topic_ids(self) -> list[int]:
        """Ids of the ticked topics."""
        return [topic.pk for topic in self.cleaned_data["topics"]]


class ScheduleForm(forms.ModelForm[Schedule]):
    """How often, on which day, at what hour, where, and how many papers at most."""

    cadence = forms.ChoiceField(
        label=_("How often"),
        choices=[
            (Cadence.DAILY, _("every day")),
            (Cadence.WEEKLY, _("once a week")),
            (Cadence.MONTHLY, _("once a month")),
        ],
    )
    weekday = forms.TypedChoiceField(
        label=_("Day, when weekly"), choices=Weekday.choices, coerce=int
    )
    month_day = forms.TypedChoiceField(
        label=_("Day, when monthly"),
        choices=MONTH_DAYS,
        coerce=int,
        required=False,
        help_text=_("A monthly mail brings the best of the month up to that day."),
    )
    timing = forms.ChoiceField(
        label=_("When"),
        choices=Timing.choices,
        required=False,
        help_text=_(
            "A mail that is due before the day's papers are in waits for them, "
            "%(hours)d hours at most. Then it goes and says what is missing."
        ),
    )
    hour = forms.TypedChoiceField(
        label=_("Hour, on your clock"), choices=HOURS, coerce=int
    )
    zone = ZoneField()
    max_papers = forms.IntegerField(
        label=_("Papers in a mail, at most"), min_value=1, max_value=50
    )
    order = forms.ChoiceField(
        label=_("In each topic"),
        choices=Order.choices,
        required=False,
        help_text=_(
            "Where a mail has no room for all, the first by this order are taken. What "
            "curators picked comes before them."
        ),
    )
    explores = forms.BooleanField(
        label=_("One paper outside my topics"),
        required=False,
        help_text=_(
            "A mail may hold one paper that just missed your topics, or that many "
            "valued in a topic close to yours. It takes one of the places, says that "
            "it is outside, and never is one that you muted, refused or had."
        ),
    )

    class Meta:
        model = Schedule
        fields = [
            "cadence",
            "weekday",
            "month_day",
            "timing",
            "hour",
            "zone",
            "max_papers",
            "order",
            "explores",
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Put in when it is shown: the limit is the operator's to set.
        timing = self.fields["timing"]
        timing.help_text = timing.help_text % {"hours": settings.DIGEST_WAIT_HOURS}

    def clean_month_day(self) -> int:
        """A form that does not say keeps what is."""
        return self.cleaned_data["month_day"] or self.instance.month_day

    def clean_order(self) -> str:
        """A form that does not say keeps what is."""
        return self.cleaned_data["order"] or self.instance.order

    def clean_timing(self) -> str:
        """A form that does not say keeps what is."""
        return self.cleaned_data["timing"] or self.instance.timing


class PauseForm(forms.ModelForm[Schedule]):
    """No mail before a day; on that day mails come again."""

    paused_until = forms.DateField(
        label=_("No mails before"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = Schedule
        fields = ["paused_until"]

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_paused_until(self) -> date:
        """Take days to come only, by the reader's own calendar."""
        day: date = self.cleaned_data["paused_until"]
        if day <= self.now.astimezone(ZoneInfo(self.instance.zone)).date():
            raise ValidationError(_("Choose a day after today."))
        return day
