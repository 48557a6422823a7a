"""What a reader says of a paper that they propose."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from digest.models.submission import CREDIT_LENGTH, WHY_LENGTH
from digest.sources.reference import read_reference


class SubmissionForm(forms.Form):
    """One paper by its name, a sentence why, and whom to thank."""

    reference = forms.CharField(
        label=_("The paper"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
        help_text=_("Its arXiv id, DOI or web address."),
    )
    why = forms.CharField(
        label=_("Why others should read it"),
        max_length=WHY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "class": "prose"}),
        help_text=_("A sentence or two, at most 300 characters."),
    )
    credit = forms.CharField(
        label=_("Your name, if it may stand beside your words"),
        max_length=CREDIT_LENGTH,
        required=False,
        help_text=_("May be empty: then nobody is named."),
    )

    def clean_reference(self) -> str:
        """Refuse what names no paper."""
        said: str = self.cleaned_data["reference"]
        if read_reference(said) is None:
            raise ValidationError(_("This is no arXiv id, DOI or web address."))
        return said
