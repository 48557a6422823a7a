"""Before matching: what each topic asks is read once and filed under its keys.

Topics that ask the same share one canonical query. A topic is filed when it is new
or edited, and all are once more after the rules changed: `Topic.filed_by` says by
which version it was. Done again, it changes nothing.
"""

import hashlib
import logging
from collections.abc import Collection, Iterable, Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef

from digest import matching
from digest.models import CanonicalQuery, QueryKey, Topic
from digest.models.canonical import KEY_LENGTH

logger = logging.getLogger(__name__)

CHUNK = 1000
"""How many topics or queries are read and written at a time."""


def file_topics(
    weights: matching.TermWeights, topic_ids: Collection[int] | None = None
) -> None:
    """File the topics that are not; one that does not parse is left out and logged."""
    unfiled = Topic.objects.unfiled(matching.RULES_VERSION)
    unfiled = unfiled.only("query", "canonical", "filed_by").order_by("pk")
    if topic_ids is not None:
        unfiled = unfiled.filter(pk__in=topic_ids)
    last, is_more = 0, True
    while is_more:
        # Locked, so that no edit comes between what is read and what is written.
        with transaction.atomic():
            topics = list(unfiled.filter(pk__gt=last).select_for_update()[:CHUNK])
            _file(topics, weights)
        is_more = len(topics) == CHUNK
        last = topics[-1].pk if topics else last


def file_queries(
    queries: Iterable[matching.Query], weights: matching.TermWeights
) -> dict[str, int]:
    """Write the queries that are not there yet; return the ids of all by their text."""
    by_fingerprint = {
        _fingerprint(text): (text, query)
        for query in queries
        for text in (query.canonical(),)
    }
    known = dict(
        CanonicalQuery.objects.filter(
            fingerprint__in=by_fingerprint, rules=matching.RULES_VERSION
        ).values_list("text", "pk")
    )
    # In one order everywhere: two workers that file the same must not block each other.
    new = [
        (fingerprint, *by_fingerprint[fingerprint])
        for fingerprint in sorted(by_fingerprint)
        if by_fingerprint[fingerprint][0] not in known
    ]
    rows = CanonicalQuery.objects.bulk_create(
        [
            CanonicalQuery(
                fingerprint=fingerprint,
                text=text,
                compiled=matching.compile_query(query),
                rules=matching.RULES_VERSION,
            )
            for fingerprint, text, query in new
        ],
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=["compiled", "rules"],
    )
    _write_keys(rows, [query for _, _, query in new], weights)
    return known | {row.text: row.pk for row in rows}


def cut_key(key: str) -> str:
    """Return a key as it is stored."""
    return key[:KEY_LENGTH]


def drop_unasked(query_ids: Iterable[int]) -> None:
    """Remove those of the queries that no topic asks any more."""
    query_ids = list(query_ids)
    if not query_ids:
        return
    topics = Topic.objects.filter(canonical=OuterRef("pk"))
    CanonicalQuery.objects.filter(~Exists(topics), pk__in=query_ids).delete()


def _file(topics: Sequence[Topic], weights: matching.TermWeights) -> None:
    """Point topics to their canonical queries, and drop those nobody asks any more."""
    queries = {}
    for topic in topics:
        try:
            queries[topic.pk] = matching.parse_query(topic.query)
        except matching.QueryError as error:
            logger.warning("Topic %s cannot be matched: %s", topic.pk, error)
    if not queries:
        return
    ids = file_queries(queries.values(), weights)
    readable = [topic for topic in topics if topic.pk in queries]
    before = {topic.canonical_id for topic in readable}
    for topic in readable:
        topic.canonical_id = ids[queries[topic.pk].canonical()]
        topic.filed_by = matching.RULES_VERSION
    Topic.objects.bulk_update(readable, ["canonical", "filed_by"])
    gone = before - set(ids.values())
    drop_unasked(pk for pk in gone if pk)


def _write_keys(
    rows: Sequence[CanonicalQuery],
    queries: Iterable[matching.Query],
    weights: matching.TermWeights,
) -> None:
    QueryKey.objects.filter(query__in=[row.pk for row in rows]).delete()
    QueryKey.objects.bulk_create(
        [
            QueryKey(query=row, key=key)
            for row, query in zip(rows, queries, strict=True)
            for key in sorted(set(map(cut_key, matching.filing_keys(query, weights))))
        ],
        ignore_conflicts=True,
    )


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
