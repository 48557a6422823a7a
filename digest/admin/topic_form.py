"""The form of a curated topic: what it asks for is read before it is saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from digest.admin.papers_field import PapersField
from digest.admin.topic_preview import UnchangedMixin
from digest.forms.asking import AskingMixin, strictness_field
from digest.models import Topic


def examples_field() -> PapersField:
    """Papers of which a topic wants more."""
    return PapersField(
        label=_("Like these papers"),
        required=False,
        widget=forms.Textarea(
            attrs={"class": "vLargeTextField", "rows": 4, "spellcheck": "false"}
        ),
        help_text=_(
            "A paper a line, at most 50: arXiv id, DOI or address. Papers like them "
            "come; they themselves do not."
        ),
    )


class TopicForm(UnchangedMixin, AskingMixin, forms.ModelForm[Topic]):
    """Name, words and place of a curated topic."""

    strictness = strictness_field()
    examples = examples_field()

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "examples" in self.fields:
            held = self.instance.examples.select_related("paper")
            self.initial["examples"] = [one.paper for one in held]

    def clean(self) -> dict[str, Any]:
        """A topic that searches asks for something; the curators' own does not."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kind", self.instance.kind) != Topic.Kind.DAILY:
            self.take_words_of_examples(cleaned)
            self.require_asking(cleaned)
            return cleaned
        if cleaned.get("examples"):
            self.add_error("examples", _("A topic of this kind has no examples."))
        if cleaned.get("query"):
            self.add_error("query", _("A topic of this kind has no query."))
        if cleaned.get("wish"):
            self.add_error("wish", _("A topic of this kind has no words."))
        return cleaned
