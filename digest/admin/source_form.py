"""The form of a source: a kind that can be read, an address that may be fetched."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digest.models import Source
from digest.sources.address import check_url
from digest.sources.entry import SourceError
from digest.sources.kinds import KINDS

SHORTEST_MINUTES = 10
"""No feed is asked more often: publishers block those who do."""

KIND_NAMES = {
    "arxiv_api": gettext_lazy("arXiv search"),
    "arxiv_oai": gettext_lazy("arXiv OAI-PMH"),
    "arxiv_rss": gettext_lazy("arXiv RSS"),
    "biorxiv": gettext_lazy("bioRxiv"),
    "feed": gettext_lazy("any RSS, Atom or JSON feed"),
    "hf_daily": gettext_lazy("Hugging Face daily papers"),
    "medrxiv": gettext_lazy("medRxiv"),
    "pubmed": gettext_lazy("PubMed saved search"),
    "sample": gettext_lazy("sample feed, not fetched"),
}


class SourceForm(forms.ModelForm[Source]):
    """A feed of a kind that can be read, at an address that may be fetched."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            (name, KIND_NAMES.get(name, name))
            for name, kind in KINDS.items()
            if kind.is_feed
        ],
    )
    fetch_every_minutes = forms.IntegerField(
        label=gettext_lazy("Minutes between fetches"),
        min_value=SHORTEST_MINUTES,
        initial=60,
    )

    class Meta:
        model = Source
        fields = [
            "name",
            "slug",
            "kind",
            "address",
            "is_active",
            "fetch_every_minutes",
            "late_after_hours",
        ]
        help_texts = {
            "address": gettext_lazy(
                "Hugging Face's other lists: add ?sort=trending, ?week=current or "
                "?month=current to the address of the daily one."
            )
        }
        widgets = {"address": forms.TextInput(attrs={"class": "vLargeTextField"})}

    def clean(self) -> dict[str, Any]:
        """Refuse an address that would never be fetched."""
        cleaned = super().clean() or self.cleaned_data
        if "address" in cleaned and cleaned.get("kind") != "sample":
            try:
                check_url(
                    cleaned["address"],
                    allow_private=settings.DIGEST_FETCH_ALLOW_PRIVATE,
                )
            except SourceError as error:
                words = _("This address cannot be fetched: %(why)s")
                self.add_error("address", ValidationError(words, params={"why": error}))
        return cleaned
