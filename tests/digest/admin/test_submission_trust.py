"""How far a reader's proposals are trusted stands in the queue, and is set there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from accounts.models import User
from digest import privacy
from digest.models import ReaderTrust, Submission
from digest.reading import submitting, trust, voting
from digest.reading.submitting import Wish
from digest.views import refusals
from tests.digest.admin.desk import address, sit_down, sit_down_with
from tests.factories import NOW, make_paper, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    """A reader since yesterday week, with three proposals."""
    reader = make_reader("ada.secret@example.org")
    now = timezone.now()
    for number, state in enumerate(("accepted", "declined", "waiting")):
        Submission.objects.create(
            user=reader,
            key=f"guid:{number}",
            url="https://example.org/",
            title=f"Paper <{number}>",
            why="Good.",
            state=state,
            sent_at=now,
            decided_at=None if state == "waiting" else now,
        )
    return reader


def page_of(reader: User) -> str:
    return f"/admin/digest/submission/trust/{reader.pk}/"


def test_the_queue_tells_what_came_of_a_readers_proposals(ada: User) -> None:
    client = sit_down()

    page = client.get(address(Submission)).content.decode()
    opened = client.get(page_of(ada)).content.decode()

    assert "1 accepted, 1 declined, 3 in 24 hours; as usual" in page
    assert page_of(ada) in page
    assert "3 proposals, 3 of them in 30 days; 1 accepted, 1 declined." in opened
    assert "Paper &lt;1&gt;" in opened
    assert "secret" not in page + opened


def test_trust_and_rate_are_set_and_written_down(ada: User) -> None:
    client = sit_down("ann@example.org")
    refused = client.post(page_of(ada), {"level": "trusted", "per_day": "999"})
    assert refused.status_code == 200
    assert not ReaderTrust.objects.exists()

    client.post(page_of(ada), {"level": "trusted", "per_day": "9", "note": "Sound."})

    row = ReaderTrust.objects.get()
    assert (row.user, row.level, row.per_day) == (ada, "trusted", 9)
    assert str(row.set_by) == "ann@example.org"
    entry = LogEntry.objects.get()
    assert entry.change_message == "Trust: trusted: need not wait, 9 a day. Sound."
    assert "trusted" in client.get(address(Submission)).content.decode()
    (told,) = privacy.export_reader(ada)["trust"]
    assert told == {"level": "trusted", "per_day": 9, "note": "Sound."}


def test_the_page_is_for_who_decides_and_about_who_proposed(ada: User) -> None:
    assert sit_down_with("view_submission").get(page_of(ada)).status_code == 403
    assert sit_down().get(page_of(make_reader())).status_code == 404


def test_who_is_trusted_need_not_wait_and_who_is_barred_waits_in_vain() -> None:
    new, paper = make_reader(), make_paper()
    with pytest.raises(trust.RefusedError, match="too_new"):
        submitting.submit(new, Wish(paper.arxiv_id, "Why."), now=NOW)

    row = ReaderTrust.objects.create(user=new, level="trusted", set_at=NOW)
    assert submitting.submit(new, Wish(paper.arxiv_id, "Why."), now=NOW)
    row.level = "barred"
    row.save(update_fields=["level"])
    later = NOW + timedelta(days=9)

    with pytest.raises(trust.RefusedError, match="barred") as refused:
        voting.vote(new, paper, now=later)
    assert "Neither votes nor proposals" in refusals.in_words(refused.value)


def test_a_rate_of_ones_own_is_the_limit_and_told() -> None:
    reader = make_reader()
    ReaderTrust.objects.create(user=reader, level="trusted", per_day=1, set_at=NOW)
    submitting.submit(reader, Wish(make_paper().arxiv_id, "Why."), now=NOW)

    with pytest.raises(trust.RefusedError, match="too_many_submissions") as refused:
        submitting.submit(reader, Wish(make_paper().arxiv_id, "Why."), now=NOW)

    assert "The limit is 1 paper a day." in refusals.in_words(refused.value)
