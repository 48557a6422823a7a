"""A proposal that is named by a DOI of no preprint archive is looked up at Crossref."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from digest.models import Paper, Submission
from digest.reading import submitting
from digest.reading.submitting import Wish
from tests.digest.reading.test_submitting import LATER
from tests.digest.sources.servers import Answer, serving
from tests.digest.sources.test_crossref import answer
from tests.factories import make_reader

pytestmark = pytest.mark.django_db


def look_up(settings: Any, doi: str, said: Answer) -> Submission:
    """Propose a DOI, and look it up at a Crossref that gives this answer."""
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True
    wish = Wish(f"https://doi.org/{doi}", "Read it.")
    row = submitting.submit(make_reader(), wish, now=LATER)
    with serving({f"/{doi.replace('/', '%2F')}": said}) as server:
        settings.DIGEST_CROSSREF_URL = server.url
        submitting.look_up_one(row.pk, now=LATER)
    row.refresh_from_db()
    return row


def test_what_crossref_knows_is_taken_in_when_accepted(settings: Any) -> None:
    row = look_up(settings, "10.1000/feeds.1", (200, {}, answer()))
    assert (row.state, row.title) == ("waiting", "Reading many feeds & more")
    assert not Paper.objects.exists()

    curator = User.objects.create_user("curator@example.org", is_staff=True)
    paper = submitting.accept(row, curator, now=LATER)

    assert paper is not None
    assert paper.canonical_id == "doi:10.1000/feeds.1"
    assert paper.author_names == ["Ada Author", "The Feeds Consortium"]
    assert paper.journal_ref == "Journal of Feeds 12 (3), 45-60"
    assert Paper.objects.shown().get() == paper


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ((404, {}, b"Resource not found."), "unknown"),
        ((500, {}, b""), "looking"),
        ((200, {}, b"<html></html>"), "unknown"),
        ((200, {}, answer(DOI="10.1000/another")), "unknown"),
    ],
)
def test_what_crossref_does_not_know_waits_for_a_curator(
    settings: Any, said: Answer, state: str
) -> None:
    assert look_up(settings, "10.1000/feeds.1", said).state == state
