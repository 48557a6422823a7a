"""Answers of the arXiv API (export.arxiv.org), to searches and to lists of ids.

The API knows when the first version was submitted, not when it was announced: an
entry is the work's first announcement, dated by arXiv's timetable, whatever version
its text has by now. The index may lag behind the announcement by hours.

arXiv asks for at most 2,000 results a request, refuses to go beyond 30,000, and
allows one request in three seconds over all its services together.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from xml.etree.ElementTree import Element

from digest.sources import arxiv_id, xml_tree
from digest.sources.collect import EntryError, collect, require_some
from digest.sources.entry import (
    AnnounceType,
    Author,
    Entry,
    NotAFeed,
    Parsed,
    SourceError,
)
from digest.sources.text import (
    ABSTRACT_LENGTH,
    AUTHOR_COUNT,
    CATEGORY_COUNT,
    CATEGORY_LENGTH,
    NAME_LENGTH,
    TITLE_LENGTH,
    names,
    one_line,
    paragraph,
)
from digest.sources.timetable import feed_day_of
from digest.sources.withdrawal import says_withdrawn
from digest.sources.xml_tree import child_text, plain_text

BASE_URL = "https://export.arxiv.org/api/query"
SLICE_LIMIT = 2_000
RESULT_LIMIT = 30_000
ID_LIST_LIMIT = 100
# A paper announced on a day was submitted before it, by as much as the longest
# run of days without an announcement.
SUBMITTED_DAYS_BEFORE = 5

_USUAL_MAX_RESULTS = 10
_CATEGORY = r"[a-z-]+(?:\.[A-Za-z-]+)?"
_FEED_PATH = re.compile(rf"/(?:rss|atom)/{_CATEGORY}(?:\+{_CATEGORY})*")


def search_urls(
    query: str, start: int = 0, max_results: int = SLICE_LIMIT
) -> list[str]:
    """The requests that fetch results `start` .. `start + max_results`, in order.

    Each asks for at most 2,000, none goes past the 30,000th. Oldest submission
    first, so that papers which arrive meanwhile do not shift the slices.
    """
    end = min(start + max_results, RESULT_LIMIT)
    return [
        _search_url(query, first, min(SLICE_LIMIT, end - first))
        for first in range(start, end, SLICE_LIMIT)
    ]


def id_list_url(ids: Sequence[str]) -> str:
    """The request for these papers, at most 100, with or without version.

    Raises ValueError for more: the address would grow past what servers take.
    """
    if len(ids) > ID_LIST_LIMIT:
        raise ValueError(f"At most {ID_LIST_LIMIT} ids fit one request.")
    asked = {"id_list": ",".join(ids), "max_results": ID_LIST_LIMIT}
    return f"{BASE_URL}?{urlencode(asked, safe=',')}"


def is_feed(address: str) -> bool:
    """Whether the address is that of an arXiv feed, at arXiv or at a mirror."""
    return _FEED_PATH.fullmatch(urlsplit(address).path) is not None


def search_of_feed(address: str, *, base_url: str = BASE_URL) -> str:
    """The search for all that a feed of rss.arxiv.org lists: "cs.AI+hep-th".

    `base_url` is the API's address, where a mirror of it is asked.
    """
    names = urlsplit(address).path.rsplit("/", 1)[-1].split("+")
    terms = [
        f"cat:{name}" if "." in name else f"cat:{name} OR cat:{name}.*"
        for name in names
    ]
    return f"{base_url}?{urlencode({'search_query': ' OR '.join(terms)})}"


def urls_for_days(address: str, days: Sequence[date]) -> list[str]:
    """The first page of what was submitted for the announcements of these days.

    `address` is a request to the API; one for a list of ids stays as it is.
    """
    asked = parse_qs(urlsplit(address).query)
    query = " ".join(asked.get("search_query", ()))
    if not days or not query:
        return [address] if days else []
    first = days[0] - timedelta(days=SUBMITTED_DAYS_BEFORE)
    span = f"submittedDate:[{first:%Y%m%d}0000 TO {days[-1]:%Y%m%d}2359]"
    [url] = search_urls(f"({query}) AND {span}")[:1]
    return [f"{address.partition('?')[0]}?{url.partition('?')[2]}"]


def parse(data: bytes, *, content_type: str = "") -> Parsed:  # noqa: ARG001
    """One page of results; `next_url` names the next one.

    Raises NotAFeed for anything but the API's Atom and for its error entries,
    SourceError for an empty page in the middle of a list, which arXiv sends
    when it is overloaded and which is right when asked for again.
    """
    tree = xml_tree.read(data)
    if tree.root.tag != "feed":
        raise NotAFeed("The answer is no Atom feed of the arXiv API.")
    elements = tree.root.findall("entry")
    _refuse_error(elements)
    problems = []
    if not tree.is_whole:
        # The last element that was opened holds what came before the break.
        elements = elements[:-1]
        problems.append("The answer breaks off; the entries before that were read.")
    entries, left_out = collect(elements, _entry)
    require_some(elements, entries)
    next_url, paging_problems = _next_page(tree.root, len(elements))
    return Parsed(
        entries=entries,
        title=one_line(child_text(tree.root, "title"), TITLE_LENGTH),
        problems=(*problems, *left_out, *paging_problems),
        next_url=next_url,
        is_whole=tree.is_whole and not next_url and not paging_problems,
    )


def _search_url(query: str, start: int, max_results: int) -> str:
    asked = {
        "search_query": query,
        "start": start,
        "max_results": max_results,
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    return f"{BASE_URL}?{urlencode(asked)}"


def _refuse_error(elements: list[Element]) -> None:
    for element in elements:
        if "arxiv.org/api/errors" in child_text(element, "id"):
            said = one_line(child_text(element, "summary"), TITLE_LENGTH)
            raise NotAFeed(f"arXiv answered with an error: {said}")


def _next_page(root: Element, received: int) -> tuple[str, list[str]]:
    """The address of the next page ("" after the last), and what stands in its way."""
    total = _number(child_text(root, "totalResults"))
    start = _number(child_text(root, "startIndex"))
    end = start + received
    asked = _asked(root)
    query = asked.get("search_query", "")
    if total <= end or asked.get("id_list"):
        return "", []
    if received == 0 and start < total:
        raise SourceError(
            f"arXiv sent an empty page at {start} of {total} results; ask again."
        )
    if end >= RESULT_LIMIT:
        return "", [f"arXiv gives {RESULT_LIMIT} of the {total} results, no more."]
    if not query:
        return "", [f"The answer holds {end} of {total} results and no query."]
    size = _number(asked.get("max_results", "")) or _USUAL_MAX_RESULTS
    return search_urls(query, end, min(size, SLICE_LIMIT))[0], []


def _asked(root: Element) -> dict[str, str]:
    """The parameters of the request, as the answer repeats them.

    Older answers escape the whole query of their own address once more.
    """
    for link in root.findall("link"):
        query = urlsplit(link.get("href", "")).query
        if "=" not in query:
            query = unquote(query)
        asked = {key: values[0] for key, values in parse_qs(query).items()}
        if "search_query" in asked or "id_list" in asked:
            return asked
    return {}


def _number(text: str) -> int:
    return int(text[:9]) if text.isascii() and text.isdigit() else 0


def _entry(element: Element) -> Entry:
    stated_id = one_line(child_text(element, "id"), NAME_LENGTH)
    bare, version = arxiv_id.split(stated_id)
    title = one_line(plain_text(element, "title"), TITLE_LENGTH)
    if not bare:
        raise EntryError(f"An entry without an arXiv id was left out: {stated_id!r}.")
    if not title:
        raise EntryError(f"An entry without a title was left out: {stated_id}.")
    abstract = paragraph(plain_text(element, "summary"), ABSTRACT_LENGTH)
    comment = one_line(plain_text(element, "comment"), ABSTRACT_LENGTH)
    first_listed_on = _feed_day(element)
    is_first = first_listed_on is not None or version <= 1
    return Entry(
        title=title,
        url=f"https://arxiv.org/abs/{bare}",
        arxiv_id=bare,
        version=version,
        doi=one_line(child_text(element, "doi"), NAME_LENGTH),
        guid=stated_id,
        abstract=abstract,
        authors=_authors(element),
        categories=_categories(element),
        announce_type=AnnounceType.NEW if is_first else AnnounceType.REPLACE,
        announced_on=first_listed_on,
        journal_ref=one_line(plain_text(element, "journal_ref"), NAME_LENGTH),
        is_withdrawn=says_withdrawn(abstract) or says_withdrawn(comment),
        comment=comment,
    )


def _feed_day(element: Element) -> date | None:
    """When the feed listed it first, if the answer says when it was submitted."""
    try:
        submitted_at = datetime.fromisoformat(child_text(element, "published").strip())
    except ValueError:
        return None
    return feed_day_of(submitted_at) if submitted_at.tzinfo else None


def _authors(element: Element) -> tuple[Author, ...]:
    people = (
        Author(
            one_line(plain_text(person, "name"), NAME_LENGTH),
            one_line(
                ", ".join(place.text or "" for place in person.findall("affiliation")),
                NAME_LENGTH,
            ),
        )
        for person in element.findall("author")[:AUTHOR_COUNT]
    )
    return tuple(author for author in people if author.name)


def _categories(element: Element) -> tuple[str, ...]:
    """The primary one first."""
    terms = [
        term.get("term", "")
        for name in ("primary_category", "category")
        for term in element.findall(name)
    ]
    return names(terms, CATEGORY_LENGTH, CATEGORY_COUNT)
