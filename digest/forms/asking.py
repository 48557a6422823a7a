"""The fields by which a topic asks for papers, as readers and curators type them.

A query that cannot be read is refused with the place; so is a wish of nothing but
small words, which would find nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.emails import one_line
from digest import matching, tex
from digest.models import Paper, Strictness
from digest.reading.importing import join_wishes
from digest.reading.subscriptions import MOST_EXAMPLES

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


def strictness_field(
    widget: type[forms.Select | forms.RadioSelect] = forms.Select,
) -> forms.Field:
    """The choice from many papers to few."""
    return forms.TypedChoiceField(
        label=_("How many papers"),
        choices=Strictness.choices,
        coerce=lambda value: Strictness(int(value)),
        initial=Strictness.USUAL,
        required=False,
        widget=widget,
        help_text=_("Counts where you said something in plain words."),
    )


def wish_of(papers: Iterable[Paper]) -> str:
    """The titles of papers as a wish, a wording a line, as many as it holds."""
    return join_wishes(*(one_line(tex.to_unicode(paper.title)) for paper in papers))


class AskingMixin(forms.Form):
    """Reads `query`, `wish`, `strictness` and `examples`."""

    def clean_strictness(self) -> Strictness:
        """As usual, unless something else was asked for."""
        return self.cleaned_data["strictness"] or Strictness.USUAL

    def clean_query(self) -> str:
        """Refuse what the matcher cannot read, and show the place."""
        query = str(self.cleaned_data["query"]).strip()
        try:
            if query:
                matching.parse_query(query)
        except matching.QueryError as error:
            raise ValidationError(_explain(error, query)) from error
        return query

    def clean_wish(self) -> str:
        """A wording a line; none may be too small to look for."""
        lines = str(self.cleaned_data["wish"]).splitlines()
        wish = matching.read_wish(map(one_line, lines))
        if wish.wordings and wish.is_empty:
            raise ValidationError(_("These words say too little to look for."))
        return "\n".join(wish.wordings)

    def clean_examples(self) -> list[Paper]:
        """Not more than a topic holds."""
        papers = list(self.cleaned_data["examples"])
        if len(papers) > MOST_EXAMPLES:
            raise ValidationError(
                _("At most %(most)s papers can be examples."),
                params={"most": MOST_EXAMPLES},
            )
        return papers

    def take_words_of_examples(self, cleaned: dict[str, Any]) -> None:
        """Where no words were typed, the examples' titles are the words."""
        examples = cleaned.get("examples")
        if examples and cleaned.get("wish") == "":
            cleaned["wish"] = wish_of(examples)

    def require_asking(self, cleaned: Mapping[str, Any]) -> None:
        """One of the two is there, unless what was typed is refused already."""
        if not {"query", "wish"} <= set(cleaned):
            return
        if not cleaned["query"] and not cleaned["wish"]:
            self.add_error(
                "wish", _("Say what you want: in plain words, or by what must hold.")
            )


def _explain(error: matching.QueryError, query: str) -> list[str]:
    """One sentence for what is wrong, and one that shows where."""
    sentence = str(QUERY_SENTENCES[error.message_code]) % {"detail": error.detail}
    rest = query[error.position : error.position + SHOWN_AROUND]
    if not rest:
        return [sentence, str(_("It is at the end of the query."))]
    place = _("It is at character %(position)s: “%(rest)s”.")
    return [sentence, str(place) % {"position": error.position + 1, "rest": rest}]
