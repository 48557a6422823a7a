"""A topic of one's own: a name, and a query that is told where it went wrong."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.emails import one_line
from accounts.models import User
from digest import matching
from digest.models import Strictness, Topic

QUERY_SENTENCES = {
    "empty": _("The query is empty."),
    "only_exclusions": _("Say what you want before what to leave out."),
    "too_long": _("The query is longer than %(detail)s characters."),
    "too_many_terms": _("The query has more than %(detail)s terms."),
    "too_deep": _("Brackets are nested more than %(detail)s deep."),
    "unclosed_quote": _("This quotation mark is never closed."),
    "unclosed_bracket": _("This bracket is never closed."),
    "unexpected_bracket": _("This bracket closes nothing."),
    "missing_term": _("Something to look for is missing after “%(detail)s”."),
    "nothing_to_search": _("“%(detail)s” has no letters or digits to look for."),
    "unknown_field": _("There is no field “%(detail)s”."),
    "wildcard": _("A * may only end a word of at least three letters: “%(detail)s”."),
    "bad_category": _("“%(detail)s” is not a category such as cs.CV, cs.* or hep-th."),
    "bad_votes": _("“%(detail)s” is not a number of votes such as 10 or >=10."),
}
"""The sentences of `matching.QUERY_ERRORS`, in the reader's language."""

SHOWN_AROUND = 20


class PersonalTopicForm(forms.ModelForm[Topic]):
    """Make or change a personal topic; `user` is its owner."""

    name = forms.CharField(label=_("Name"), max_length=80)
    wish = forms.CharField(
        label=_("In plain words"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What you want to read about: a few words or a sentence; other wordings of "
            "the same on lines of their own. Papers are ranked by it, and only those "
            "that fit are sent."
        ),
    )
    query = forms.CharField(
        label=_("What must hold"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_(
            "Words that a paper must all have. “In quotes” for a phrase, OR between "
            "alternatives, a minus to leave out; title:, abstract:, author: and cat: "
            "look in one place only."
        ),
    )

    strictness = forms.TypedChoiceField(
        label=_("How many papers"),
        choices=Strictness.choices,
        coerce=int,
        required=False,
        initial=Strictness.USUAL,
        empty_value=None,
        help_text=_("Counts where you said something in plain words."),
    )

    class Meta:
        model = Topic
        fields = ["name", "wish", "query", "strictness"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        """One line, since it stands in subjects, and not the name of another topic."""
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Give the topic a name that can be read."))
        others = Topic.objects.filter(owner=self.user, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("You have a topic of this name already."))
        return name

    def clean_wish(self) -> str:
        """Keep the lines that say something."""
        lines = str(self.cleaned_data["wish"]).splitlines()
        return "\n".join(text for line in lines if (text := one_line(line)))

    def clean_query(self) -> str:
        """Refuse what the matcher cannot read, and show the place."""
        query = str(self.cleaned_data["query"])
        if not query.strip():
            return ""
        try:
            matching.parse_query(query)
        except matching.QueryError as error:
            raise ValidationError(_explain(error, query)) from error
        return query

    def clean_strictness(self) -> int:
        """As usual, unless something else was asked for."""
        asked = self.cleaned_data["strictness"]
        return int(Strictness.USUAL if asked is None else asked)

    def clean(self) -> dict[str, Any]:
        """Ask for something: in plain words, or by what must hold."""
        cleaned = super().clean() or self.cleaned_data
        if "query" in cleaned and not (cleaned["query"] or cleaned.get("wish")):
            raise ValidationError(
                _("Say what you want: in plain words, or by what must hold.")
            )
        return cleaned


def _explain(error: matching.QueryError, query: str) -> list[str]:
    """One sentence for what is wrong, and one that shows where."""
    sentence = str(QUERY_SENTENCES[error.message_code]) % {"detail": error.detail}
    rest = query[error.position : error.position + SHOWN_AROUND]
    if not rest:
        return [sentence, str(_("It is at the end of the query."))]
    place = _("It is at character %(position)s: “%(rest)s”.")
    return [sentence, str(place) % {"position": error.position + 1, "rest": rest}]
