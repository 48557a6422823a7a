"""arXiv's RSS 2.0 and Atom 1.0 feeds (rss.arxiv.org).

The same parser takes answers of the arXiv API and other RSS or Atom documents:
an entry without an arXiv id is known by its GUID or link.
"""

import re

from digest.sources import arxiv_id, authors, feed
from digest.sources.collect import EntryError, collect
from digest.sources.days import day_in_new_york
from digest.sources.entry import AnnounceType, Author, Entry, NotAFeed, Parsed
from digest.sources.html_text import to_text
from digest.sources.text import (
    ABSTRACT_LENGTH,
    CATEGORY_COUNT,
    CATEGORY_LENGTH,
    NAME_LENGTH,
    TITLE_LENGTH,
    URL_LENGTH,
    names,
    one_line,
    paragraph,
    web_url,
)
from digest.sources.withdrawal import says_withdrawn

# arXiv cuts each answer at this many rows and does not say so.
ROW_LIMIT = 2_000

_PREAMBLE = re.compile(
    r"\s*arXiv:\S+\s+Announce\s+Type:\s*(?P<type>[\w-]+)\s+(?:Abstract:\s*)?",
    re.IGNORECASE,
)
# What stays of a title whose entity the parser rightly did not expand.
_BARE_ENTITY = re.compile(r"&[\w.-]+;")


def parse(data: bytes, *, content_type: str = "") -> Parsed:
    """All entries of one feed document.

    Raises NotAFeed for an answer that is no feed and for arXiv's error feeds,
    which are valid feeds that hold an error message.
    """
    document = feed.read(data, content_type=content_type)
    _refuse_error(document)
    entries, problems = collect(document.entries, _entry)
    problems = document.problems + problems
    if len(document.entries) >= ROW_LIMIT:
        problems.append(
            f"The feed holds {len(document.entries)} entries; arXiv cuts its list "
            f"at {ROW_LIMIT} without a word, so papers may be missing."
        )
    channel = document.channel
    stated = channel.get("published_parsed") or channel.get("updated_parsed")
    return Parsed(
        entries=entries,
        title=document.title,
        announced_on=day_in_new_york(stated),
        problems=tuple(problems),
        is_whole=document.is_whole and len(document.entries) < ROW_LIMIT,
    )


def _refuse_error(document: feed.Feed) -> None:
    message = ""
    if document.title.lower().startswith("feed error for query"):
        detail = one_line(feed.text_of(document.channel, "subtitle"), TITLE_LENGTH)
        message = f"{document.title} {detail}".strip()
    elif document.entries and "arxiv.org/api/errors" in feed.text_of(
        document.entries[0], "id"
    ):
        message = one_line(feed.text_of(document.entries[0], "summary"), TITLE_LENGTH)
    if message:
        raise NotAFeed(f"arXiv answered with an error: {message}")


def _entry(raw: feed.RawEntry) -> Entry:
    guid = one_line(feed.text_of(raw, "id"), URL_LENGTH)
    link = web_url(feed.text_of(raw, "link"))
    bare, version = _identify(guid, link)
    title = one_line(to_text(feed.text_of(raw, "title"), is_html=False), TITLE_LENGTH)
    if not (bare or guid or link):
        raise EntryError(f"An entry without an id or a link was left out: {title!r}.")
    if not title or _BARE_ENTITY.fullmatch(title):
        raise EntryError(f"An entry without a title was left out: {guid or link}.")
    summary = feed.text_of(raw, "summary")
    preamble = _PREAMBLE.match(summary)
    body = summary[preamble.end() if preamble else 0 :]
    abstract = paragraph(to_text(body, is_html=False), ABSTRACT_LENGTH)
    announced = feed.text_of(raw, "arxiv_announce_type")
    return Entry(
        title=title,
        url=f"https://arxiv.org/abs/{bare}" if bare else link,
        arxiv_id=bare,
        version=version,
        doi=_one_of(raw, "arxiv_doi"),
        guid=guid or link,
        abstract=abstract,
        authors=_authors(raw),
        categories=_categories(raw),
        announce_type=_announce_type(
            announced or (preamble["type"] if preamble else ""), version
        ),
        announced_on=day_in_new_york(
            raw.get("published_parsed") or raw.get("updated_parsed")
        ),
        journal_ref=_one_of(raw, "arxiv_journal_reference", "arxiv_journal_ref"),
        license_url=web_url(feed.text_of(raw, "rights")),
        is_withdrawn=any(
            says_withdrawn(text)
            for text in (abstract, feed.text_of(raw, "arxiv_comment"))
        ),
    )


def _identify(guid: str, link: str) -> tuple[str, int]:
    """The arXiv id, by preference from the GUID, where the feed states the version."""
    bare, version = arxiv_id.split(guid)
    return (bare, version) if bare else arxiv_id.split(link)


def _announce_type(stated: str, version: int) -> AnnounceType:
    try:
        return AnnounceType(stated.strip().lower())
    except ValueError:
        return AnnounceType.REPLACE if version > 1 else AnnounceType.NEW


def _authors(raw: feed.RawEntry) -> tuple[Author, ...]:
    """One element holds the whole line; several hold one author each."""
    people = [feed.text_of(person, "name") for person in raw.get("authors", [])]
    if len(people) > 1:
        return authors.from_names(people)
    return authors.split_line(to_text(feed.text_of(raw, "author"), is_html=False))


def _categories(raw: feed.RawEntry) -> tuple[str, ...]:
    """Primary first, which is arXiv's own order."""
    terms = [feed.text_of(tag, "term") for tag in raw.get("tags", [])]
    primary = raw.get("arxiv_primary_category")
    if isinstance(primary, dict):
        terms.insert(0, feed.text_of(primary, "term"))
    return names(terms, CATEGORY_LENGTH, CATEGORY_COUNT)


def _one_of(raw: feed.RawEntry, *keys: str) -> str:
    return next(
        (
            text
            for key in keys
            if (text := one_line(feed.text_of(raw, key), NAME_LENGTH))
        ),
        "",
    )
