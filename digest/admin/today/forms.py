"""What the desk's forms send: one act on one paper, or places and notes of picks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digest import tex
from digest.curating.acts import Wanted
from digest.curating.ranking import Which
from digest.models import Pick, Topic
from digest.models.submission import Submission

NOTE_LENGTH, REASON_LENGTH, TITLE_LENGTH = 500, 300, 500

WHICH_NAMES = [
    (Which.NEW, gettext_lazy("to look at")),
    (Which.SEEN, gettext_lazy("looked at")),
    (Which.HIDDEN, gettext_lazy("hidden")),
    (Which.ALL, gettext_lazy("all")),
]


class LookForm(forms.Form):
    """Which day, and which of its candidates; what is not understood is as usual."""

    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    show = forms.ChoiceField(
        label=gettext_lazy("Papers"), choices=WHICH_NAMES, required=False
    )
    topic = forms.ModelChoiceField(
        Topic.objects.public().filter(kind=Topic.Kind.QUERY),
        label=gettext_lazy("Topic"),
        required=False,
        empty_label=gettext_lazy("of any topic, or none"),
    )
    page = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    @classmethod
    def read(cls, request: HttpRequest) -> LookForm:
        """What the address of the page asks for."""
        asked = request.GET.dict()
        asked.setdefault("day", timezone.localdate().isoformat())
        asked.setdefault("show", Which.NEW)
        form = cls(asked)
        form.is_valid()
        return form

    @property
    def chosen_day(self) -> date:
        """The day, today unless told."""
        day: date | None = self.cleaned_data.get("day")
        # The first and the last day of all have no day before or after.
        is_usual = day is not None and date.min < day < date.max
        return day if day and is_usual else timezone.localdate()

    @property
    def which(self) -> Which:
        """Which candidates, those to look at unless told."""
        return Which(self.cleaned_data.get("show") or Which.NEW)


class ActForm(forms.Form):
    """One act: what, with which paper or proposal, in which words, at which version.

    `then`: the paper to go on with.
    """

    version = forms.IntegerField(min_value=0)
    do = forms.CharField(max_length=10)
    paper = forms.IntegerField(required=False)
    proposal = forms.ModelChoiceField(Submission.objects.undecided(), required=False)
    title = forms.CharField(max_length=TITLE_LENGTH, required=False)
    note = forms.CharField(max_length=NOTE_LENGTH, required=False)
    reason = forms.CharField(max_length=REASON_LENGTH, required=False)
    then = forms.IntegerField(required=False)

    def clean(self) -> dict[str, Any]:
        """What is kept from readers is kept with a reason."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("do") in {"hide", "decline"} and not cleaned.get("reason"):
            self.add_error("reason", _("Say why."))
        return cleaned

    def said(self) -> list[str]:
        """What is wrong, in sentences."""
        return [str(words) for said in self.errors.values() for words in said]


class OrderForm(forms.Form):
    """A place and a note for each pick of the day."""

    def __init__(self, *args: Any, picks: Sequence[Pick], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.picks = picks
        for place, pick in enumerate(picks, start=1):
            title = tex.to_unicode(pick.paper.title)
            self.fields[f"place_{pick.paper_id}"] = forms.IntegerField(
                label=_("Place of {title}").format(title=title),
                initial=place,
                min_value=1,
                max_value=9999,
                widget=forms.NumberInput(attrs={"class": "desk-place"}),
            )
            self.fields[f"note_{pick.paper_id}"] = forms.CharField(
                label=_("Note on {title}").format(title=title),
                initial=pick.note,
                max_length=NOTE_LENGTH,
                required=False,
                widget=forms.Textarea(attrs={"rows": 1, "class": "desk-note"}),
            )

    def rows(self) -> list[dict[str, Any]]:
        """Each pick with its two fields."""
        return [
            {
                "paper_id": pick.paper_id,
                "title": tex.to_unicode(pick.paper.title),
                "place": self[f"place_{pick.paper_id}"],
                "note": self[f"note_{pick.paper_id}"],
            }
            for pick in self.picks
        ]

    def wanted(self) -> dict[int, Wanted]:
        """What was typed, by paper id."""
        return {
            pick.paper_id: Wanted(
                self.cleaned_data[f"place_{pick.paper_id}"],
                self.cleaned_data[f"note_{pick.paper_id}"],
            )
            for pick in self.picks
        }
