"""From the keys of papers to the canonical queries that may hold for them.

The database joins the papers' keys with those that queries are filed under; what
comes back is streamed, so that memory does not grow with the topics.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from django.db import connection

from digest import matching
from digest.models import Topic
from digest.pipeline.match.filing import cut_key

CHUNK = 5000
"""How many candidates are in memory at a time."""


class Candidate(NamedTuple):
    """A canonical query that some paper leads to."""

    pk: int
    text: str
    compiled: str


_BY_KEYS = """
    SELECT query.id, query.text, query.compiled FROM digest_canonicalquery query
    WHERE query.rules = %s AND query.id IN (
        SELECT filed.query_id FROM {keys} JOIN digest_querykey filed
        ON filed.key = asked.key
    )
"""
_POSTGRES_KEYS = "unnest(%s::text[]) AS asked(key)"
_SQLITE_KEYS = "(SELECT value AS key FROM json_each(%s)) AS asked"


def candidates_by_key(keys: Iterable[str]) -> Iterator[Candidate]:
    """All queries that are filed under one of the keys, each once, in any order.

    Read them to the end before anything is written: SQLite takes no write from a
    connection that reads what another one has changed meanwhile.
    """
    asked = list({cut_key(key) for key in keys})
    is_postgres = connection.vendor == "postgresql"
    sql = _BY_KEYS.format(keys=_POSTGRES_KEYS if is_postgres else _SQLITE_KEYS)
    values = asked if is_postgres else json.dumps(asked)
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [matching.RULES_VERSION, values])
        while rows := cursor.fetchmany(CHUNK):
            yield from map(Candidate._make, rows)


def candidates_of(topic_ids: Collection[int]) -> Iterator[Candidate]:
    """The queries of these topics, each once."""
    topics = Topic.objects.filed(matching.RULES_VERSION).filter(pk__in=topic_ids)
    rows = topics.order_by().values_list(
        "canonical", "canonical__text", "canonical__compiled"
    )
    yield from map(Candidate._make, rows.distinct())


def find_queries(
    index: matching.PaperIndex, candidates: Iterable[Candidate]
) -> dict[int, int]:
    """Which papers of the index, as its bits, each query holds for, if for any."""
    found = {}
    for pk, text, compiled in candidates:
        papers = index.find(text, compiled)
        if papers:
            found[pk] = papers
    return found
