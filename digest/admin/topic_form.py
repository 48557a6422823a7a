"""The form of a curated topic: what it asks for is read before it is saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from digest.forms.asking import AskingMixin, strictness_field
from digest.models import Topic


class TopicForm(AskingMixin, forms.ModelForm[Topic]):
    """Name, words and place of a curated topic."""

    strictness = strictness_field()

    class Meta:
        model = Topic
        fields = [
            "name",
            "slug",
            "description",
            "kind",
            "wish",
            "strictness",
            "query",
            "position",
        ]
        widgets = {
            "wish": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 8}),
            "query": forms.Textarea(
                attrs={"class": "vLargeTextField", "rows": 4, "spellcheck": "false"}
            ),
            "description": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }
        help_texts = {
            "wish": _(
                "A wording a line: the name of the field, then names of what belongs "
                "to it, each in words that other fields do not use."
            ),
            "query": _("What must hold besides, such as cat:cs.RO; may be empty."),
        }

    def clean(self) -> dict[str, Any]:
        """A topic that searches asks for something; the curators' own does not."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind", self.instance.kind) != Topic.Kind.DAILY:
            self.require_asking(cleaned)
            return cleaned
        if cleaned.get("query"):
            self.add_error("query", _("A topic of this kind has no query."))
        if cleaned.get("wish"):
            self.add_error("wish", _("A topic of this kind has no words."))
        return cleaned
