"""Hugging Face's daily papers (`/api/daily_papers`): one JSON array a list.

A list is that of a day, a week or a month, or of what is trending. The outer
`publishedAt` is ambiguous and not used: the day of an entry is the day on which the
paper entered the daily list, whichever list shows it.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from digest.sources import arxiv_id, authors, listing
from digest.sources.collect import EntryError, collect
from digest.sources.days import day_of_iso
from digest.sources.entry import Entry, NotAFeed, Parsed
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

# The service answers with one page of this many papers.
PAGE_LIMIT = 50

# In an address: the week or month in which the source is asked.
CURRENT = "current"
_LISTS = ("date", "week", "month", "sort")


def urls_for_days(address: str, days: Sequence[date]) -> list[str]:
    """The lists that cover these days, each once.

    A plain address is asked day by day, "?week=current" and "?month=current" week by
    week and month by month. One that names its list ("?sort=trending",
    "?week=2026-W15") is asked as it stands.
    """
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query))
    span = next((name for name in _SPANS if asked.get(name) == CURRENT), "")
    if not span and any(name in asked for name in _LISTS):
        return [address] if days else []
    span = span or "date"
    pages = (urlencode(asked | {span: _SPANS[span](day)}) for day in days)
    return [parts._replace(query=page).geturl() for page in dict.fromkeys(pages)]


def _iso_week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


_SPANS: dict[str, Callable[[date], str]] = {
    "date": date.isoformat,
    "week": _iso_week,
    "month": _month,
}


def parse(data: bytes, *, content_type: str = "") -> Parsed:  # noqa: ARG001
    """All papers of one answer. Raises NotAFeed if it is no JSON array."""
    answer = listing.read(data)
    if not isinstance(answer, list):
        error = one_line(
            listing.text(listing.mapping(answer).get("error")), TITLE_LENGTH
        )
        raise NotAFeed(f"The answer is no list of papers. {error}".strip())
    entries, problems = collect(answer, _entry)
    if len(answer) >= PAGE_LIMIT:
        problems.append(
            f"The list holds {len(answer)} papers, a full page: there may be more."
        )
    return Parsed(
        entries=entries, announced_on=_commonest_day(entries), problems=tuple(problems)
    )


def _commonest_day(entries: tuple[Entry, ...]) -> date | None:
    days = Counter(entry.announced_on for entry in entries if entry.announced_on)
    return days.most_common(1)[0][0] if days else None


def _entry(raw: Any) -> Entry:
    item = listing.mapping(raw)
    paper = listing.mapping(item.get("paper"))
    title = one_line(_first_text("title", paper, item), TITLE_LENGTH)
    stated_id = one_line(listing.text(paper.get("id")), NAME_LENGTH)
    if not stated_id:
        raise EntryError(f"A paper without an id was left out: {title!r}.")
    if not title:
        raise EntryError(f"A paper without a title was left out: {stated_id}.")
    bare, _ = arxiv_id.split(stated_id)
    page = web_url(f"https://huggingface.co/papers/{stated_id}")
    return Entry(
        title=title,
        url=f"https://arxiv.org/abs/{bare}" if bare else page,
        arxiv_id=bare,
        guid=f"https://huggingface.co/papers/{bare or stated_id}",
        abstract=paragraph(_first_text("summary", paper, item), ABSTRACT_LENGTH),
        authors=authors.from_names(_shown_authors(paper)),
        announced_on=_day(paper),
        organisation=_name(_first_mapping("organization", item, paper), "fullname"),
        is_withdrawn=bool(paper.get("withdrawnAt")),
        signals=_signals(item, paper),
    )


def _day(paper: Mapping[str, Any]) -> date | None:
    listed = day_of_iso(listing.text(paper.get("submittedOnDailyAt")))
    return listed or day_of_iso(listing.text(paper.get("publishedAt")))


def _shown_authors(paper: Mapping[str, Any]) -> list[str]:
    people = [listing.mapping(person) for person in listing.items(paper.get("authors"))]
    return [
        listing.text(person.get("name"))
        for person in people
        if not person.get("hidden")
    ]


def _signals(
    item: Mapping[str, Any], paper: Mapping[str, Any]
) -> dict[str, int | str | list[str]]:
    """Counts are always stated; texts only where the list has them."""
    signals: dict[str, int | str | list[str]] = {
        "upvotes": listing.count(paper.get("upvotes")),
        "comments": listing.count(item.get("numComments", paper.get("numComments"))),
    }
    code_url = web_url(listing.text(paper.get("githubRepo")))
    if code_url:
        signals["code_url"] = code_url
        signals["code_stars"] = listing.count(paper.get("githubStars"))
    keywords = map(listing.text, listing.items(paper.get("ai_keywords")))
    submitter = _first_mapping("submittedOnDailyBy", paper) or _first_mapping(
        "submittedBy", item
    )
    stated: dict[str, str | list[str]] = {
        "project_url": web_url(listing.text(paper.get("projectPage"))),
        "keywords": list(names(keywords, CATEGORY_LENGTH, CATEGORY_COUNT)),
        "submitted_by": _name(submitter, "fullname"),
    }
    signals.update({key: value for key, value in stated.items() if value})
    return signals


def _first_text(key: str, *places: Mapping[str, Any]) -> str:
    return next(
        (text for place in places if (text := listing.text(place.get(key)))), ""
    )


def _first_mapping(key: str, *places: Mapping[str, Any]) -> Mapping[str, Any]:
    found = (listing.mapping(place.get(key)) for place in places)
    return next((value for value in found if value), {})


def _name(someone: Mapping[str, Any], preferred: str) -> str:
    name = listing.text(someone.get(preferred)) or listing.text(someone.get("name"))
    return one_line(name, NAME_LENGTH)
