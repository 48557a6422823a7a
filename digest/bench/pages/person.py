"""The reader whose pages are asked for: months of digests, a long list, many marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from digest.bench.rows import PaperList, store_digests
from digest.models import Mark, Paper, SavedPaper, Topic
from digest.models.bulk import insert_new

DIGESTS, PAPERS_OF_A_DIGEST, SAVED, MARKED = 60, 20, 120, 100
_LIKED_AMONG = 3
_TOKEN = "b" * 32


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, and what their browser keeps of it."""

    user: User
    cookies: dict[str, str]

    @property
    def form_token(self) -> str:
        """What each form they send holds."""
        return _TOKEN


def make_person(
    user: User, topics: Sequence[Topic], papers: Sequence[Paper], *, now: datetime
) -> Person:
    """Write what they were sent, saved and said, and sign them in."""
    newest = papers[::-1]
    for number in range(DIGESTS):
        at = number * PAPERS_OF_A_DIGEST
        listed = tuple(newest[at : at + PAPERS_OF_A_DIGEST])
        if listed:
            digest = PaperList(tuple(topics[:3]), listed)
            store_digests([user], [digest], now=now - timedelta(days=number))
    with transaction.atomic():
        insert_new(
            [
                SavedPaper(user_id=user.pk, paper_id=paper.pk, saved_at=now)
                for paper in newest[:SAVED]
            ]
        )
        insert_new(
            [
                _mark(user, paper, topics[number % 3], number, now)
                for number, paper in enumerate(newest[SAVED : SAVED + MARKED])
            ]
        )
    return Person(user, _sign_in(user))


def _mark(user: User, paper: Paper, topic: Topic, number: int, now: datetime) -> Mark:
    is_liked = number % _LIKED_AMONG
    return Mark(
        user_id=user.pk,
        paper_id=paper.pk,
        topic_id=topic.pk,
        verdict=Mark.Verdict.MORE if is_liked else Mark.Verdict.LESS,
        made_at=now,
    )


def _sign_in(user: User) -> dict[str, str]:
    """As the code by mail would, without the mail."""
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    return {
        settings.SESSION_COOKIE_NAME: str(request.session.session_key),
        settings.CSRF_COOKIE_NAME: _TOKEN,
    }
