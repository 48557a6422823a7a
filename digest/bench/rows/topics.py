"""Curated topics: each asks for a word that some of the day's papers have."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from digest.matching.tokens import tokenise
from digest.models import Paper, Topic
from digest.models.bulk import insert_new

_LEAST_LENGTH = 5


def store_topics(
    papers: Sequence[Paper], count: int, *, most_share: float = 1.0
) -> list[Topic]:
    """Write topics for the words that most titles have, commonest first.

    Those that more than `most_share` of the papers have anywhere come last.
    """
    titles = Counter(
        form
        for paper in papers
        for form in {token.form for token in tokenise(paper.title)}
        if len(form) >= _LEAST_LENGTH and form.isalpha() and form.isascii()
    )
    often = _words_of_many(papers, most_share)
    order = sorted(titles, key=lambda form: (form in often, -titles[form], form))
    common = order[:count]
    rows = [
        Topic(
            slug=word,
            name=word.capitalize(),
            description=f"Papers with {word} in title or abstract.",
            query=word,
            position=place,
            created_at=timezone.now(),
            matched_at=timezone.now(),
        )
        for place, word in enumerate(common, start=1)
    ]
    with transaction.atomic():
        insert_new(rows)
    return rows


def _words_of_many(papers: Sequence[Paper], most_share: float) -> set[str]:
    if most_share >= 1:
        return set()
    having = Counter(
        form
        for paper in papers
        for form in {t.form for t in tokenise(f"{paper.title} {paper.abstract}")}
    )
    return {form for form, count in having.items() if count > most_share * len(papers)}
