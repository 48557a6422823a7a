"""What is asked, written once for all topics that ask the same, and where it is filed.

A topic's `query` is what somebody typed. Its canonical query is what that means;
it is compiled, and filed under keys of which every matching paper has one. The
match stage writes these rows and alone reads them.
"""

from __future__ import annotations

from django.db import models

KEY_LENGTH = 200
"""Keys are cut here on both sides, the papers' too: words have no other limit."""


class CanonicalQuery(models.Model):
    """A query in its one spelling. `rules`: the version of them that compiled it."""

    fingerprint = models.CharField(max_length=64)
    text = models.TextField()
    compiled = models.TextField()
    rules = models.PositiveIntegerField()

    class Meta:
        constraints = [
            # Of a hash: an index row of PostgreSQL is too short for a long text.
            models.UniqueConstraint(
                fields=["fingerprint"], name="canonical_query_once_per_fingerprint"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class QueryKey(models.Model):
    """One of the keys by which a paper leads to a canonical query."""

    query = models.ForeignKey(CanonicalQuery, models.CASCADE, related_name="keys")
    key = models.CharField(max_length=KEY_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "query"], name="query_key_once_per_key_and_query"
            ),
        ]

    def __str__(self) -> str:
        return self.key
