"""Search over all papers with the query language of topics.

The number of queries is fixed, whatever is asked and however many papers there are.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from digest import matching
from digest.forms.search import SearchForm
from digest.models import Paper
from digest.pipeline.match import search as index
from digest.pipeline.match.words import paper_text
from digest.views.access import reading_page
from digest.views.attachments import file_links
from digest.views.cards import Card, Place, make_cards
from digest.views.paging import canonical_url, read_page

PAGE_SIZE = 20
NAME_LENGTH = 60

_WEIGHTS = matching.TermWeights()
"""Rarity does not order the results, so that nothing has to be counted for it."""


@reading_page
def search(request: HttpRequest) -> HttpResponse:
    """What a query finds, by relevance, date or meaning; without one, how to ask."""
    form = SearchForm(request.GET)
    is_valid = form.is_valid()
    path = reverse("digest:search")
    context: dict[str, Any] = {"form": form, "canonical": canonical_url(path)}
    if is_valid and form.query:
        order = form.wanted_order
        found = index.search_papers(form.query, order)
        page = read_page(found.paper_ids, request.GET.get("page", 1), PAGE_SIZE)
        asked = QueryDict(mutable=True)
        asked.update({"q": form.cleaned_data["q"], "order": order.value})
        context |= {
            "query": form.cleaned_data["q"],
            "found": found,
            "page": page,
            "page_url": path,
            "page_query": asked.urlencode(),
            "files": file_links("search_file", query=asked.urlencode()),
            "topic_query": _topic_query(form.cleaned_data["q"]),
            "cards": _cards(form.query, found.must, list(page.object_list)),
        }
    return render(request, "digest/search.html", context)


def _topic_query(text: str) -> str:
    """What fills the form of a topic with this query."""
    fields = QueryDict(mutable=True)
    fields.update({"name": text[:NAME_LENGTH], "query": text})
    return fields.urlencode()


def _cards(
    query: matching.Query, must: matching.Query | None, paper_ids: list[int]
) -> list[Card]:
    """The papers of one page for which `must` holds, with what of the query matched."""
    papers = Paper.objects.in_bulk(paper_ids)
    shown, places = [], {}
    for paper_id in paper_ids:
        paper = papers.get(paper_id)
        if paper is None:
            continue
        prepared = matching.prepare(paper_text(paper))
        if must and not must.root.holds(prepared):
            continue
        shown.append(paper)
        if hit := matching.match(query, prepared, _WEIGHTS):
            places[paper_id] = Place(evidence=[asdict(one) for one in hit.evidence])
    return make_cards(shown, places)
