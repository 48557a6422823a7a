"""The curators' and operators' desk: papers, topics, sources, digests, deliveries.

Promise: whatever is evidence (batches, digests, deliveries, attempts, events) can be
read and never edited or deleted here, and a delivery changes its state only through
`digest.pipeline.states`. Rights are Django's own model permissions.
"""

from digest.admin import (
    audit,
    deliveries,
    digests,
    holds,
    holidays,
    merges,
    outcomes,
    papers,
    picks,
    readers,
    sources,
    submissions,
    topics,
    votes,
)

__all__ = [
    "audit",
    "deliveries",
    "digests",
    "holds",
    "holidays",
    "merges",
    "outcomes",
    "papers",
    "picks",
    "readers",
    "sources",
    "submissions",
    "topics",
    "votes",
]
