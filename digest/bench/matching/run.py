"""One run of the bench: subscriptions from an archive, then its new papers matched."""

from collections.abc import Sequence

from digest.bench.matching.measure import Outcome, measure, store_queries
from digest.bench.matching.subscriptions import make_subscriptions, read_vocabulary
from digest.matching import PaperText, TermWeights, prepare

BACKGROUND_PAPERS = 3000


def run(archive: Sequence[PaperText], papers: int, subscriptions: int) -> Outcome:
    """Store the queries of the subscriptions and match the first papers with them.

    Writes canonical queries and tables of its own: call it on a database made for it.
    """
    weights = TermWeights.from_papers(map(prepare, archive[:BACKGROUND_PAPERS]))
    asked = set(make_subscriptions(read_vocabulary(archive), subscriptions))
    store_queries(sorted(asked), weights)
    del asked  # or its memory would be taken for that of matching
    return measure(archive[:papers], subscriptions, weights)
