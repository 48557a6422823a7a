"""From the keys of papers to the canonical queries that may hold for them.

The database joins the papers' keys with those that queries are filed under; what
comes back is streamed, so that memory does not grow with the topics.
"""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from django.db import connection, transaction

from digest import matching
from digest.garbage import put_off_collection
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
# Sent as one text, not as an array: psycopg takes half a second to write a large one.
_POSTGRES_KEYS = "unnest(string_to_array(%s, E'\\n')) AS asked(key)"
_SQLITE_KEYS = "(SELECT value AS key FROM json_each(%s)) AS asked"


def candidates_by_key(keys: Iterable[str]) -> Iterator[Candidate]:
    """All queries that are filed under one of the keys, each once, in any order.

    Read them to the end before anything is written: SQLite takes no write from a
    connection that reads what another one has changed meanwhile.
    """
    asked = {cut_key(key) for key in keys}
    is_postgres = connection.vendor == "postgresql"
    read = _read_postgres if is_postgres else _read_sqlite
    return map(Candidate._make, read(asked))


def _read_postgres(keys: Collection[str]) -> Iterator[tuple[int, str, str]]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Have the next one planned for all rows, not for the first few.
            cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        yield from _read(_POSTGRES_KEYS, "\n".join(keys))


def _read_sqlite(keys: Collection[str]) -> Iterator[tuple[int, str, str]]:
    yield from _read(_SQLITE_KEYS, json.dumps(list(keys)))


def _read(source: str, keys: str) -> Iterator[tuple[int, str, str]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_BY_KEYS.format(keys=source), [matching.RULES_VERSION, keys])
        while rows := cursor.fetchmany(CHUNK):
            yield from rows


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
    with put_off_collection():
        for pk, text, compiled in candidates:
            papers = index.find(text, compiled)
            if papers:
                found[pk] = papers
    return found
