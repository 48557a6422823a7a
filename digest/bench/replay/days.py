"""The lists of the days: captured ones where they are, else made of the sample."""

import json
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from digest.sources import arxiv
from digest.sources.entry import AnnounceType, Entry
from digest.starter import sample_feed

FIRST_DAY = date(2026, 4, 17)
DAYS = 14
SATURDAY = 6

_ITEM = re.compile(r"<item>.*?</item>\s*", re.DOTALL)
_STAMP = re.compile(r"(<(pubDate|lastBuildDate)>).*?(</\2>)")
_SHELL = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
    'xmlns:arxiv="http://arxiv.org/schemas/atom" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
    "<title>cs.CV updates on arXiv.org</title><pubDate></pubDate>"
)


@dataclass(frozen=True, slots=True)
class DayList:
    """One day's list in its parts, so that a part can be left out."""

    day: date
    head: str
    items: tuple[str, ...]
    tail: str

    def document(self, *, served_on: date) -> bytes:
        """The feed as arXiv would serve it that day: it writes the day into it."""
        stamp = f"{served_on:%a, %d %b %Y} 00:00:00 -0400"
        text = self.head + "".join(self.items) + self.tail
        return _STAMP.sub(rf"\g<1>{stamp}\g<3>", text).encode()

    def in_category(self, name: str) -> "DayList":
        """The same list as the feed of another category would hold it."""
        mark = f"<category>{name}</category>"
        return replace(self, items=tuple(i for i in self.items if mark in i))

    def entries(self) -> tuple[Entry, ...]:
        """What the list says, as the product's own parser reads it."""
        return arxiv.parse(self.document(served_on=self.day)).entries

    def new_ids(self) -> set[str]:
        """ArXiv ids of the papers that it announces as new."""
        return {
            entry.arxiv_id
            for entry in self.entries()
            if entry.announce_type == AnnounceType.NEW
        }


def read_days(folder: Path) -> list[DayList]:
    """The lists of 14 days, Friday to Thursday; empty ones on the weekends.

    `folder` holds captures named cs.CV_<day>.xml; where it is not there, the sample
    papers are spread over the days.
    """
    days = [FIRST_DAY + timedelta(days=offset) for offset in range(DAYS)]
    captured = [folder / f"cs.CV_{day}.xml" for day in days]
    if all(path.exists() for path in captured):
        return [
            _split(day, path.read_text())
            for day, path in zip(days, captured, strict=True)
        ]
    papers = json.loads(sample_feed())["papers"]
    weekdays = [day for day in days if day.isoweekday() < SATURDAY]
    shares = {day: papers[i :: len(weekdays)] for i, day in enumerate(weekdays)}
    return [
        DayList(
            day,
            _SHELL,
            tuple(_item(day, i, p) for i, p in enumerate(shares.get(day, []))),
            "</channel></rss>",
        )
        for day in days
    ]


def _split(day: date, text: str) -> DayList:
    items = tuple(_ITEM.findall(text))
    first = text.find("<item>")
    if first < 0:
        first = text.rindex("</channel>")
    return DayList(day, text[:first], items, text[text.rindex("</channel>") :])


def _item(day: date, number: int, paper: dict[str, object]) -> str:
    """A sample paper as an entry of arXiv's feed."""
    bare = f"{day:%y%m}.{day:%d}{number:03d}"
    authors = paper["authors"]
    names = ", ".join(map(str, authors)) if isinstance(authors, list) else ""
    categories = ("cs.CV", "cs.LG") if number % 2 else ("cs.CV",)
    return (
        f"<item><title>{escape(str(paper['title']))}</title>"
        f"<link>https://arxiv.org/abs/{bare}</link>"
        f"<description>arXiv:{bare}v1 Announce Type: new \n"
        f"Abstract: {escape(str(paper['abstract']))}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{bare}v1</guid>'
        + "".join(f"<category>{name}</category>" for name in categories)
        + "<arxiv:announce_type>new</arxiv:announce_type>"
        f"<dc:creator>{escape(names)}</dc:creator></item>"
    )
