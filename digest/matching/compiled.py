"""A query as one line of text that papers can be asked by without parsing it.

    compiled := ("=" | "~") clause ("\\n" clause)*      "~": the query must be asked too
    clause   := ["-"] key ("\\t" key)*                  "-": none of these, else one

Promise: the text follows from the query alone. Whoever stores it also stores
`RULES_VERSION`, which is raised whenever the same query gets other clauses or the
same paper other keys: what an older version wrote has to be compiled anew.
"""

from digest.matching.clauses import ALWAYS, Clause, rarest
from digest.matching.query import Query
from digest.matching.weights import TermWeights

RULES_VERSION = 2

EXACT = "="
EXCLUDED = "-"
BETWEEN_CLAUSES, BETWEEN_KEYS = "\n", "\t"


def compile_query(query: Query) -> str:
    """Return the clauses of the query, those that the fewest papers fulfil first."""
    clauses = query.root.clauses()
    wanted, lines = list(clauses.wanted) or [frozenset({ALWAYS})], []
    while wanted:
        first = rarest(wanted) or wanted[0]
        wanted.remove(first)
        lines.append(_print_clause(first))
    lines += [EXCLUDED + _print_clause(clause) for clause in clauses.excluded]
    return (EXACT if clauses.is_exact else "~") + BETWEEN_CLAUSES.join(lines)


def filing_keys(query: Query, weights: TermWeights) -> frozenset[str]:
    """Return keys of which every paper that the query holds for has one.

    The rarest there are by the weights, so that few papers have the query tried.
    """
    return query.root.clauses().rarest(weights) or frozenset({ALWAYS})


def _print_clause(clause: Clause) -> str:
    return BETWEEN_KEYS.join(sorted(clause))
