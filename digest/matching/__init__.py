"""Which papers a topic wants, how much, and why: the query language and its scoring.

Promise: pure. Values in, values out; no clock, no table, no network, and the
same answer for the same input. Whatever a person types is a `Query` or a
`QueryError` that points at the place; whatever a paper says, it can be matched.
A hit explains itself by text that stands in the paper. How scores come about may
change behind these names; that they are finite, positive, comparable between
queries and below about ten may not.

Two halves. `parse_query` and `match` say whether a paper has what a query names.
`read_wish` and `make_scorer` rank papers by a wish in plain words and by what a reader
marked, against a `Background` of the archive, and decide which are sent.
"""

from digest.matching.alike import score_alike
from digest.matching.background import Background, BackgroundError
from digest.matching.bags import Bag, Floats, read_bag
from digest.matching.companions import Likeness, find_alike
from digest.matching.compiled import RULES_VERSION, compile_query, filing_keys
from digest.matching.decision import Strictness
from digest.matching.errors import QUERY_ERRORS, QueryError
from digest.matching.evidence import Evidence, LikedWay
from digest.matching.frequencies import count_papers
from digest.matching.grammar import parse_query
from digest.matching.key_index import KeyIndex, number_keys
from digest.matching.learned import LearnedTerm, name_terms
from digest.matching.lexemes import LEXEMES_VERSION, paper_lexemes
from digest.matching.lookup import Lookup, look_up
from digest.matching.mutes import is_muted_author, read_phrase
from digest.matching.packing import pack_bag, unpack_bag
from digest.matching.paper import PaperText, PreparedPaper, prepare, prepare_all
from digest.matching.paper_index import PaperIndex
from digest.matching.query import Query
from digest.matching.reasons import Liked, explain
from digest.matching.score import Hit, match
from digest.matching.scorer import TopicScorer, Verdicts, make_scorer
from digest.matching.shelf import Shelf
from digest.matching.taste import Marks
from digest.matching.telling import telling_phrases
from digest.matching.tf_idf import Row, tf_idf
from digest.matching.variety import Cosines, Variety
from digest.matching.weights import TermWeights
from digest.matching.wish import Wish, WishKind, read_wish

__all__ = [
    "LEXEMES_VERSION",
    "QUERY_ERRORS",
    "RULES_VERSION",
    "Background",
    "BackgroundError",
    "Bag",
    "Cosines",
    "Evidence",
    "Floats",
    "Hit",
    "KeyIndex",
    "LearnedTerm",
    "Liked",
    "LikedWay",
    "Likeness",
    "Lookup",
    "Marks",
    "PaperIndex",
    "PaperText",
    "PreparedPaper",
    "Query",
    "QueryError",
    "Row",
    "Shelf",
    "Strictness",
    "TermWeights",
    "TopicScorer",
    "Variety",
    "Verdicts",
    "Wish",
    "WishKind",
    "compile_query",
    "count_papers",
    "explain",
    "filing_keys",
    "find_alike",
    "is_muted_author",
    "look_up",
    "make_scorer",
    "match",
    "name_terms",
    "number_keys",
    "pack_bag",
    "paper_lexemes",
    "parse_query",
    "prepare",
    "prepare_all",
    "read_bag",
    "read_phrase",
    "read_wish",
    "score_alike",
    "telling_phrases",
    "tf_idf",
    "unpack_bag",
]
