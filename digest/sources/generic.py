"""Any RSS, RDF, Atom or JSON Feed that somebody adds by its address.

Nothing is known beforehand about such a feed, so each thing is looked for wherever
feeds put it, and whatever is HTML becomes plain text. The Content-Type is not
believed: the document says what it is.
"""

from datetime import date
from functools import partial

from digest.sources import feed, feed_fields, json_feed
from digest.sources.collect import collect
from digest.sources.entry import Entry, Parsed
from digest.sources.stated import Stated, build
from digest.sources.text import TITLE_LENGTH, one_line


def parse(
    data: bytes, *, content_type: str = "", today: date, address: str = ""
) -> Parsed:
    """All papers of the feed, dated by their publication, at the latest today.

    `address` is where it was fetched, for relative links; without it the feed's
    own word on that counts. Raises NotAFeed for anything that is no feed.
    """
    if json_feed.looks_like_json(data):
        return json_feed.parse(data, today=today, address=address)
    document = feed.read(data, content_type=content_type)
    base_url = address or feed_fields.own_address(document.channel)
    entries, problems = collect(
        document.entries, partial(_entry, base_url=base_url, today=today)
    )
    return Parsed(
        entries=entries,
        title=one_line(feed_fields.title(document.channel), TITLE_LENGTH),
        problems=(*document.problems, *problems),
    )


def _entry(raw: feed.RawEntry, *, base_url: str, today: date) -> Entry:
    return build(
        Stated(
            title=feed_fields.title(raw),
            link=feed_fields.link(raw, base_url),
            guid=feed.text_of(raw, "id"),
            doi=feed_fields.doi(raw),
            texts=tuple(feed_fields.texts(raw)),
            people=feed_fields.people(raw),
            categories=feed_fields.categories(raw),
            published_on=feed_fields.day(raw, today),
            journal_ref=feed_fields.journal(raw),
            license_url=feed_fields.licence_url(raw),
        )
    )
