"""Curated topics: each asks for a word that some of the day's papers have."""

from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from digest.matching.tokens import tokenise
from digest.models import Paper, Topic
from digest.models.bulk import insert_new

_LEAST_LENGTH = 5


def store_topics(papers: Sequence[Paper], count: int) -> list[Topic]:
    """Write topics for the words that most titles have, commonest first."""
    titles = Counter(
        form
        for paper in papers
        for form in {token.form for token in tokenise(paper.title)}
        if len(form) >= _LEAST_LENGTH and form.isalpha() and form.isascii()
    )
    common = sorted(titles, key=lambda form: (-titles[form], form))[:count]
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
