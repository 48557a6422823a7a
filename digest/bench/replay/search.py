"""arXiv's search as a stub: what was submitted for the announcements of the days."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import parse_qs
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from digest.bench.replay.days import DayList
from digest.sources.entry import AnnounceType, Entry
from digest.sources.timetable import NEW_YORK, announcement_day_from

ATOM = "http://www.w3.org/2005/Atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
ARXIV = "http://arxiv.org/schemas/atom"
for prefix, namespace in (("", ATOM), ("opensearch", OPENSEARCH), ("arxiv", ARXIV)):
    register_namespace(prefix, namespace)

_SPAN = re.compile(r"submittedDate:\[(\d{8})0000 TO (\d{8})2359\]")
_CATEGORY = re.compile(r"cat:([\w.-]+)")


def answer_search(days: Sequence[DayList], query: str, now: datetime) -> bytes:
    """The Atom document for a request's query string, of announcements until now."""
    asked = {name: values[0] for name, values in parse_qs(query).items()}
    searched = asked.get("search_query", "")
    span, category = _SPAN.search(searched), _CATEGORY.search(searched)
    first, last = (_day(span[1]), _day(span[2])) if span else (date.min, date.max)
    today = now.astimezone(NEW_YORK).date()
    found = [
        (submitted_at, entry)
        for each in days
        if each.day <= today
        for submitted_at in (_submitted_at(each.day),)
        if first <= submitted_at.date() <= last
        for entry in each.entries()
        if entry.announce_type == AnnounceType.NEW
        and (category is None or category[1] in entry.categories)
    ]
    start, most = int(asked.get("start", "0")), int(asked.get("max_results", "10"))
    return _document(query, found[start : start + most], start, len(found))


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").replace(tzinfo=UTC).date()


def _submitted_at(day: date) -> datetime:
    """A moment before the closing time of that day's announcement."""
    eve = day - timedelta(days=1)
    while announcement_day_from(eve, frozenset()) != eve:
        eve -= timedelta(days=1)
    return datetime.combine(eve, time(15), tzinfo=UTC)


def _document(
    query: str, found: Sequence[tuple[datetime, Entry]], start: int, total: int
) -> bytes:
    root = Element(f"{{{ATOM}}}feed")
    SubElement(root, f"{{{ATOM}}}title").text = "arXiv Query"
    SubElement(root, f"{{{ATOM}}}link", href=f"http://arxiv.org/api/query?{query}")
    SubElement(root, f"{{{OPENSEARCH}}}totalResults").text = str(total)
    SubElement(root, f"{{{OPENSEARCH}}}startIndex").text = str(start)
    for submitted_at, entry in found:
        _add(root, submitted_at, entry)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(root: Element, submitted_at: datetime, entry: Entry) -> None:
    node = SubElement(root, f"{{{ATOM}}}entry")
    stamp = submitted_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    for name, text in (
        ("id", f"http://arxiv.org/abs/{entry.arxiv_id}v1"),
        ("published", stamp),
        ("updated", stamp),
        ("title", entry.title),
        ("summary", entry.abstract),
    ):
        SubElement(node, f"{{{ATOM}}}{name}").text = text
    for author in entry.authors:
        person = SubElement(node, f"{{{ATOM}}}author")
        SubElement(person, f"{{{ATOM}}}name").text = author.name
    for category in entry.categories:
        SubElement(node, f"{{{ATOM}}}category", term=category)
