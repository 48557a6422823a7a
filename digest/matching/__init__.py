"""Which papers a topic wants, how much, and why: the query language and its scoring.

Promise: pure. Values in, values out; no clock, no table, no network, and the
same answer for the same input. Whatever a person types is a `Query` or a
`QueryError` that points at the place; whatever a paper says, it can be matched.
A hit explains itself by text that stands in the paper. How scores come about may
change behind these names; that they are finite, positive, comparable between
queries and below about ten may not.
"""

from digest.matching.errors import QUERY_ERRORS, QueryError
from digest.matching.evidence import Evidence
from digest.matching.grammar import parse_query
from digest.matching.paper import PaperText, PreparedPaper, prepare
from digest.matching.percolator import Percolator
from digest.matching.query import Query
from digest.matching.score import Hit, match
from digest.matching.weights import TermWeights

__all__ = [
    "QUERY_ERRORS",
    "Evidence",
    "Hit",
    "PaperText",
    "Percolator",
    "PreparedPaper",
    "Query",
    "QueryError",
    "TermWeights",
    "match",
    "parse_query",
    "prepare",
]
