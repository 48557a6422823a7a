"""A topic of one's own: what is wanted in plain words, what must hold, how sure."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.emails import one_line
from accounts.models import User
from digest.forms.asking import AskingMixin, strictness_field
from digest.models import Paper, Topic
from digest.reading.importing import WISH_LENGTH


class PersonalTopicForm(AskingMixin, forms.ModelForm[Topic]):
    """Make or change a personal topic; `user` is its owner."""

    name = forms.CharField(label=_("Name"), max_length=80)
    wish = forms.CharField(
        label=_("In plain words"),
        max_length=WISH_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "prose"}),
        help_text=_(
            "What you would tell a colleague: a few words or a sentence. Each line is "
            "another way to say it; a paper that fits one of them comes."
        ),
    )
    query = forms.CharField(
        label=_("What must hold"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_(
            "May be empty. All of these words; “in quotes” for a phrase, OR between "
            "alternatives, a minus to leave out; title:, abstract:, author: and cat: "
            "look in one place only."
        ),
    )

    strictness = strictness_field(forms.RadioSelect)
    examples = forms.ModelMultipleChoiceField(
        label=_("Like these papers"),
        queryset=Paper.objects.shown(),
        to_field_name="slug",
        required=False,
        widget=forms.MultipleHiddenInput,
        error_messages={"invalid_choice": _("One of these papers is not here.")},
    )

    class Meta:
        model = Topic
        fields = ["name", "wish", "query", "strictness"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def example_papers(self) -> list[Paper]:
        """The examples as they were sent, or are filled in, to be ticked."""
        if self.is_bound:
            found = {} if self.errors.get("examples") else self.cleaned_data
            return list(found.get("examples", ()))
        field = self.fields["examples"]
        return list(self.get_initial_for_field(field, "examples") or ())

    @property
    def is_named(self) -> bool:
        """Whether a name was typed at all: a topic can be tried without one."""
        return bool(self.data.get("name", "").strip())

    def clean_name(self) -> str:
        """One line, since it stands in subjects, and not the name of another topic."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Give the topic a name that can be read."))
        others = Topic.objects.filter(owner=self.user, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("You have a topic of this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        """A topic asks for something; where no words do, the examples' titles do."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.take_words_of_examples(cleaned)
        self.require_asking(cleaned)
        return cleaned
