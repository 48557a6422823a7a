"""What an address would give, looked at before it becomes a source.

Opening the page fetches nothing: the address is asked when the form is sent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from digest.admin.page import show_page
from digest.admin.source_form import KIND_NAMES
from digest.models import Source
from digest.pipeline.ingest.naming import suggest_name, suggest_slug
from digest.pipeline.ingest.preview import Preview, preview_source
from digest.sources.entry import Entry, SourceError
from digest.sources.kinds import kind_of
from digest.sources.text import URL_LENGTH

SHOWN_PAPERS = 10
SHOWN_AUTHORS = 3


class AddressForm(forms.Form):
    """An address that somebody found, of a feed or of a page that names feeds."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=URL_LENGTH,
        widget=forms.TextInput(
            attrs={"class": "vLargeTextField", "inputmode": "url", "autofocus": True}
        ),
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """An address with the way to the form that adds it, or the source that it is."""

    title: str
    address: str
    add_path: str
    known: Source | None


def pages(model_admin: ModelAdmin[Source]) -> list[URLPattern]:
    """The page's address, inside the admin of sources."""
    view = model_admin.admin_site.admin_view(partial(check, model_admin))
    return [path("check/", view, name="digest_source_check")]


def check(model_admin: ModelAdmin[Source], request: HttpRequest) -> TemplateResponse:
    """Ask for an address; show what it holds, or why it cannot be a source."""
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    form = AddressForm(request.POST if request.method == "POST" else None)
    found: dict[str, Any] = {}
    if form.is_valid():
        try:
            found = _look_at(form.cleaned_data["address"])
        except SourceError as error:
            form.add_error("address", str(error))
    context = {
        "title": _("Check an address"),
        "form": form,
        **found,
    }
    return show_page(model_admin, request, "admin/digest/source/check.html", context)


def _look_at(address: str) -> dict[str, Any]:
    """What the page shows of an address. Raises SourceError as the preview does."""
    preview = preview_source(address, now=timezone.now())
    if preview.parsed is None:
        feeds = ((feed.title, feed.url) for feed in preview.feeds)
        return {"preview": preview, "feeds": _offers(feeds)}
    parsed = preview.parsed
    [offer] = _offers([(parsed.title, preview.moved_to or address)])
    return {
        "preview": preview,
        "kind": KIND_NAMES.get(preview.kind, preview.kind),
        "offer": offer,
        "count_line": _count(preview),
        "papers": [_row(entry) for entry in parsed.entries[:SHOWN_PAPERS]],
    }


def _offers(found: Iterable[tuple[str, str]]) -> list[Offer]:
    """An offer for each title and address."""
    addresses = [(suggest_name(title, address), address) for title, address in found]
    taken = set(Source.objects.values_list("slug", flat=True))
    rows = Source.objects.filter(address__in=[address for _name, address in addresses])
    known = {source.address: source for source in rows}
    return [
        Offer(name, address, _add_path(name, address, taken), known.get(address))
        for name, address in addresses
    ]


def _add_path(name: str, address: str, taken: set[str]) -> str:
    """The form of a new source, filled in."""
    filled_in = {
        "name": name,
        "slug": suggest_slug(name, taken),
        "kind": kind_of(address),
        "address": address,
    }
    return f"{reverse('admin:digest_source_add')}?{urlencode(filled_in)}"


def _count(preview: Preview) -> str:
    entries = preview.parsed.entries if preview.parsed else ()
    papers = ngettext("{count} paper", "{count} papers", len(entries))
    return _("{papers}, {without} without an abstract").format(
        papers=papers.format(count=len(entries)),
        without=sum(not entry.abstract for entry in entries),
    )


def _row(entry: Entry) -> dict[str, Any]:
    """A paper as one line of the table."""
    names = ", ".join(author.name for author in entry.authors[:SHOWN_AUTHORS])
    if len(entry.authors) > SHOWN_AUTHORS:
        names = _("{names} and others").format(names=names)
    return {
        "title": entry.title,
        "authors": names,
        "day": entry.announced_on,
        "categories": ", ".join(entry.categories),
    }
