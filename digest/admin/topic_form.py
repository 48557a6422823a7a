"""The form of a curated topic: its query is read before it is saved."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from digest import matching
from digest.forms.personal_topic import QUERY_SENTENCES
from digest.models import Topic

SHOWN_AROUND = 20


class TopicForm(forms.ModelForm[Topic]):
    """Name, words and place of a curated topic."""

    class Meta:
        model = Topic
        fields = ["name", "slug", "description", "kind"]
        fields += ["wish", "query", "position"]
        widgets = {
            "wish": forms.Textarea(attrs={"class": "vLargeTextField", "rows": 4}),
            "query": forms.Textarea(
                attrs={"class": "vLargeTextField", "rows": 4, "spellcheck": "false"}
            ),
            "description": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a query that the matcher cannot read, and show the place."""
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind", self.instance.kind)
        query = cleaned.get("query", "")
        wish = cleaned.get("wish", "")
        if kind == Topic.Kind.DAILY:
            if query or wish:
                name = "query" if query else "wish"
                self.add_error(name, _("A topic of this kind has no query."))
            return cleaned
        if "query" in cleaned and (query.strip() or not wish.strip()):
            try:
                matching.parse_query(query)
            except matching.QueryError as error:
                self.add_error("query", explain(error, query))
        return cleaned


def explain(error: matching.QueryError, query: str) -> str:
    """What is wrong with the query, and where, in the curator's language."""
    sentence = str(QUERY_SENTENCES[error.message_code]) % {"detail": error.detail}
    rest = query[error.position : error.position + SHOWN_AROUND]
    if not rest:
        return f"{sentence} {_('It is at the end of the query.')}"
    place = str(_("It is at character %(position)s: “%(rest)s”."))
    return f"{sentence} {place % {'position': error.position + 1, 'rest': rest}}"
