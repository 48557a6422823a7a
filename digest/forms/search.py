"""What a reader looks for among all papers, and in which order."""

from __future__ import annotations

from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from digest import matching
from digest.forms.asking import QUERY_SENTENCES
from digest.pipeline.match import search

ORDER_NAMES = {
    search.Order.RELEVANCE: _("Best match first"),
    search.Order.DATE: _("Newest first"),
    search.Order.MEANING: _("Nearest in meaning first"),
}


class Fault(NamedTuple):
    """A query around the place where it cannot be read on."""

    before: str
    rest: str


class SearchForm(forms.Form):
    """Reads a query and an order from an address; an unknown order is the usual one."""

    q = forms.CharField(
        label=_("Look for"),
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        widget=forms.Select,
    )

    def __init__(self, sent: QueryDict) -> None:
        """Offer the orders that there are: by meaning only with a model."""
        offered = [
            order
            for order in ORDER_NAMES
            if order is not search.Order.MEANING or search.has_meaning()
        ]
        data = sent.copy()
        if data.get("order") not in offered:
            data["order"] = search.Order.RELEVANCE.value
        super().__init__(data)
        self.query: matching.Query | None = None
        self.fault: Fault | None = None
        field = self.fields["order"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(order.value, ORDER_NAMES[order]) for order in offered]

    def clean_q(self) -> str:
        """Read the query; where it cannot be read, note the place."""
        text = str(self.cleaned_data["q"])
        try:
            self.query = matching.parse_query(text) if text else None
        except matching.QueryError as error:
            self.fault = Fault(text[: error.position], text[error.position :])
            sentence = QUERY_SENTENCES[error.message_code]
            raise ValidationError(
                sentence, code=error.message_code, params={"detail": error.detail}
            ) from error
        return text

    @property
    def wanted_order(self) -> search.Order:
        """The order that was asked for, or the usual one."""
        return search.Order(self.data["order"])
