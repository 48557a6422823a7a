"""Rows in bulk for the benches: papers, topics, readers and their planned digests.

Call it on a database made for it. Everything is chosen by one seed, so that two runs
measure the same.
"""

from digest.bench.rows.digests import PaperList, PlannedSet, make_lists, store_digests
from digest.bench.rows.papers import store_papers
from digest.bench.rows.readers import store_readers
from digest.bench.rows.topics import store_topics

__all__ = [
    "PaperList",
    "PlannedSet",
    "make_lists",
    "store_digests",
    "store_papers",
    "store_readers",
    "store_topics",
]
