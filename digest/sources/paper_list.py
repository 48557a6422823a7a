"""The sample feed: a list of made-up papers, dated relative to today.

`{"title": …, "papers": [{"id", "title", "abstract", "authors": […],
"categories": […], "days_ago": 0, "announce_type", "upvotes", "comments",
"organisation", "code_url", "code_stars"}]}`; id and title are required.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial
from typing import Any

from digest.sources import authors, listing
from digest.sources.collect import EntryError, collect
from digest.sources.entry import AnnounceType, Entry, NotAFeed, Parsed
from digest.sources.text import (
    ABSTRACT_LENGTH,
    CATEGORY_COUNT,
    CATEGORY_LENGTH,
    NAME_LENGTH,
    TITLE_LENGTH,
    names,
    one_line,
    paragraph,
    web_url,
)

_OLDEST_DAYS = 366


def parse(data: bytes, *, content_type: str = "", today: date) -> Parsed:  # noqa: ARG001
    """All papers of the list. Raises NotAFeed if the document is no such list."""
    document = listing.read(data)
    papers = listing.mapping(document).get("papers")
    if not isinstance(papers, list):
        raise NotAFeed("The document has no list of papers.")
    entries, problems = collect(papers, partial(_entry, today=today))
    return Parsed(
        entries=entries,
        title=one_line(listing.text(document.get("title")), TITLE_LENGTH),
        announced_on=max((e.announced_on or today for e in entries), default=today),
        problems=tuple(problems),
    )


def _entry(raw: Any, *, today: date) -> Entry:
    paper = listing.mapping(raw)
    guid = one_line(listing.text(paper.get("id")), NAME_LENGTH)
    title = one_line(listing.text(paper.get("title")), TITLE_LENGTH)
    if not (guid and title):
        raise EntryError(
            f"A paper without an id or a title was left out: {guid or title!r}."
        )
    days_ago = min(listing.count(paper.get("days_ago")), _OLDEST_DAYS)
    categories = map(listing.text, listing.items(paper.get("categories")))
    return Entry(
        title=title,
        # Without an address of its own, the paper is read on its page here.
        url=web_url(listing.text(paper.get("url"))),
        guid=guid,
        abstract=paragraph(listing.text(paper.get("abstract")), ABSTRACT_LENGTH),
        authors=authors.from_names(
            map(listing.text, listing.items(paper.get("authors")))
        ),
        categories=names(categories, CATEGORY_LENGTH, CATEGORY_COUNT),
        announce_type=_announce_type(listing.text(paper.get("announce_type"))),
        announced_on=today - timedelta(days=days_ago),
        organisation=one_line(listing.text(paper.get("organisation")), NAME_LENGTH),
        signals=_signals(paper),
    )


def _announce_type(stated: str) -> AnnounceType:
    try:
        return AnnounceType(stated or "new")
    except ValueError as error:
        raise EntryError(
            f"A paper with announce type {stated!r} was left out."
        ) from error


def _signals(paper: Mapping[str, Any]) -> dict[str, int | str | list[str]]:
    signals: dict[str, int | str | list[str]] = {
        name: listing.count(paper[name])
        for name in ("upvotes", "comments")
        if name in paper
    }
    code_url = web_url(listing.text(paper.get("code_url")))
    if code_url:
        signals["code_url"] = code_url
        signals["code_stars"] = listing.count(paper.get("code_stars"))
    return signals
