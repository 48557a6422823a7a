"""What is asked before proposals are accepted or declined."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digest.admin.asking import AskForm
from digest.models import Submission

LONG_LINE = {"class": "vLargeTextField"}
NOTE_LENGTH = 500


class AcceptForm(AskForm):
    """A day, or none, and for each proposal the note that offers the reader's words."""

    action = "accept"
    title = gettext_lazy("Accept proposals")
    button = gettext_lazy("Accept")
    names_rows = True

    picked_on = forms.DateField(
        label=gettext_lazy("Pick for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty: the papers are taken in, and not picked."),
    )

    def __init__(
        self,
        *args: Any,
        rows: Sequence[Submission],
        today: date,
        may_pick: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if may_pick:
            self.fields["picked_on"].initial = today
        else:
            del self.fields["picked_on"]
        for row in rows:
            if not row.paper and not row.found:
                self.fields[f"title_{row.pk}"] = forms.CharField(
                    label=_("Title of {url}").format(url=row.url),
                    max_length=500,
                    widget=forms.TextInput(attrs=LONG_LINE),
                )
            if may_pick:
                self.fields[f"note_{row.pk}"] = forms.CharField(
                    label=str(row),
                    max_length=NOTE_LENGTH,
                    required=False,
                    initial=offered_note(row),
                    widget=forms.TextInput(attrs=LONG_LINE),
                )

    @property
    def day(self) -> date | None:
        """The day to pick for, if that is wished and allowed."""
        day: date | None = self.cleaned_data.get("picked_on")
        return day

    def note_for(self, row: Submission) -> str:
        """The note typed for one proposal."""
        return str(self.cleaned_data.get(f"note_{row.pk}", ""))

    def title_for(self, row: Submission) -> str:
        """The title typed for a paper of which nothing is known."""
        return str(self.cleaned_data.get(f"title_{row.pk}", ""))


class DeclineForm(AskForm):
    """One reason for all the chosen proposals; their readers get it by mail."""

    action = "decline"
    title = gettext_lazy("Decline proposals")
    button = gettext_lazy("Decline and tell the readers")

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.TextInput(attrs=LONG_LINE),
        help_text=gettext_lazy("It is mailed to whoever proposed the paper."),
    )


def offered_note(row: Submission) -> str:
    """The reader's words as a note, with the name that they want beside them."""
    if not row.credit:
        return row.why
    return _("{words} (proposed by {name})").format(words=row.why, name=row.credit)
