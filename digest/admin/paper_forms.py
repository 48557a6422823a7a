"""What is asked before papers are picked or hidden."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from digest import curating
from digest.admin.asking import AskForm
from digest.models import HiddenPaper, Paper, Pick


class PicksForm(AskForm):
    """A day, and one note for each chosen paper."""

    action = "pick"
    title = _("Pick papers for a day")
    button = _("Pick")
    names_rows = True

    picked_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Papers picked before for that day keep their place."),
    )

    def __init__(
        self, *args: Any, papers: Sequence[Paper], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.papers = papers
        self.fields["picked_on"].initial = today
        notes = dict(
            Pick.objects.filter(paper__in=papers, picked_on=today).values_list(
                "paper_id", "note"
            )
        )
        for paper in papers:
            self.fields[_note_name(paper)] = forms.CharField(
                label=paper.title,
                max_length=500,
                required=False,
                initial=notes.get(paper.pk, ""),
                widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
            )

    @transaction.atomic
    def save(self, curator: User, now: datetime) -> list[Pick]:
        """Write the picks after those the day has; a second pick changes the note."""
        seat = curating.Seat(curator, self.cleaned_data["picked_on"], now)
        return [
            curating.pick(seat, paper.pk, self.note_for(paper)) for paper in self.papers
        ]

    def note_for(self, paper: Paper) -> str:
        """The words typed for one paper."""
        return str(self.cleaned_data[_note_name(paper)])


class HideForm(AskForm):
    """One reason for all the chosen papers."""

    action = "hide"
    title = _("Hide papers from pages and digests")
    button = _("Hide")

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text=_("For your colleagues. Readers do not see it."),
    )

    @transaction.atomic
    def save(
        self, papers: Sequence[Paper], curator: User, now: datetime
    ) -> list[Paper]:
        """Hide those that are not hidden yet, and return them."""
        hidden = set(
            HiddenPaper.objects.filter(paper__in=papers).values_list("paper", flat=True)
        )
        return [
            curating.hide(
                curating.seat_of(paper, curator, now),
                paper.pk,
                self.cleaned_data["reason"],
            )
            for paper in papers
            if paper.pk not in hidden
        ]


def _note_name(paper: Paper) -> str:
    return f"note_{paper.pk}"
