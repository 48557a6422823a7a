"""The history: each digest with what became of it, what was held back, and why."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from digest.models import Delivery, DeliveryEvent, Digest, Topic
from digest.pipeline import states
from digest.views.history import BECAME, LEFT_OUT
from tests.digest.pipeline.planning import papers_for, plan_for
from tests.digest.views.steps import all_rows, page_of
from tests.factories import (
    NOW,
    hide_paper,
    make_delivery,
    make_digest,
    make_item,
    make_paper,
    make_reader,
)

pytestmark = pytest.mark.django_db

PAGE = "/preferences/history/"


def html_of(reader: Client, path: str = PAGE) -> str:
    response = reader.get(path)
    assert response.status_code == 200
    return response.content.decode()


def words_of(reader: Client, path: str = PAGE) -> str:
    return " ".join(re.sub("<[^>]+>", " ", html_of(reader, path)).split())


def test_the_preferences_lead_to_it_and_it_says_when_there_is_nothing(
    reader: Client,
) -> None:
    assert f'href="{PAGE}"' in page_of(reader)
    assert "None yet." in words_of(reader)


def test_it_tells_what_was_sent_and_what_the_limits_held_back(
    reader: Client, ada: User, robots: Topic
) -> None:
    ada.schedule.max_papers = 1
    ada.schedule.next_due_at = NOW
    ada.schedule.save()
    papers_for(robots, "Best", "Good", "Fair")
    delivery = plan_for(ada)
    assert delivery is not None
    Delivery.objects.update(state="accepted", evidence="250 ok")
    rows = all_rows()

    page = words_of(reader)

    assert "Friday 20 November 2026 daily · 07:00 (Europe/Paris)" in page
    assert "Sent: the mail server took it." in page
    assert "1 paper in the mail." in page
    assert "2 more were held back" in page
    assert f"{delivery.digest.get_absolute_url()}#more" in html_of(reader)
    assert all_rows() == rows


@pytest.mark.parametrize("reason", list(Digest.Reason))
def test_it_says_why_a_period_brought_no_mail(
    reader: Client, ada: User, reason: Digest.Reason
) -> None:
    make_digest(ada, status="skipped", reason=reason)

    page = words_of(reader)

    assert str(LEFT_OUT[reason]) in page
    assert "The digest of" not in page


def test_it_says_which_source_was_missing_when_nothing_came(
    reader: Client, ada: User
) -> None:
    line = {
        "name": "bioRxiv",
        "status": "failed",
        "papers": 0,
        "announced_on": "",
        "lists": 1,
    }
    make_digest(ada, status="skipped", reason="empty", coverage=[line])

    assert "bioRxiv did not answer; its papers come in a later" in words_of(reader)


@pytest.mark.parametrize("state", list(Delivery.State))
def test_it_puts_every_state_of_a_mail_into_words(
    reader: Client, ada: User, state: Delivery.State
) -> None:
    claim = {"claim_token": "0" * 32, "lease_until": NOW}
    delivery = make_delivery(make_digest(ada), **claim)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state, evidence="250 ok", reason="a reason of ours"
    )

    page = words_of(reader)

    assert str(BECAME[state]) in page
    assert "a reason of ours" not in page


def test_of_a_mail_whose_delivery_is_gone_it_says_how_long_that_is_kept(
    reader: Client, ada: User
) -> None:
    make_item(make_digest(ada), make_paper())

    assert "What became of it is kept for a year only." in words_of(reader)


def test_papers_of_a_mail_that_came_too_late_are_said_to_come_again(
    reader: Client, ada: User
) -> None:
    digest = make_digest(ada)
    make_item(digest, make_paper())
    make_delivery(digest, expires_at=NOW)
    states.expire(NOW)

    page = words_of(reader)

    assert "It could not be sent in time. Its papers come with a later one." in page
    assert "in the mail" not in page


def test_it_tells_what_the_provider_told_later_the_worst_first(
    reader: Client, ada: User
) -> None:
    delivery = make_delivery(make_digest(ada), state="accepted", evidence="250 ok")
    for name in ("delivered", "bounced"):
        DeliveryEvent.objects.create(
            provider="x",
            event_key=name,
            event_type=name,
            delivery=delivery,
            received_at=NOW,
        )

    page = words_of(reader)

    assert "Later it came back." in page
    assert "It was delivered." not in page


def test_it_shows_no_digest_of_another_reader(reader: Client) -> None:
    other = make_digest(make_reader("bob@example.org"))
    make_item(other, make_paper())

    assert str(other.public_id) not in html_of(reader)


def test_a_hidden_paper_is_not_counted(reader: Client, ada: User) -> None:
    digest, hidden = make_digest(ada), make_paper()
    make_item(digest, make_paper())
    make_item(digest, hidden)
    hide_paper(hidden)

    assert "1 paper in the mail." in words_of(reader)


def test_long_histories_come_in_pages_newest_first(reader: Client, ada: User) -> None:
    for days in range(26):
        make_digest(ada, due_at=NOW - timedelta(days=days))

    first, second = words_of(reader), words_of(reader, f"{PAGE}?page=2")

    assert "20 November" in first
    assert "26 October" in second
    assert "Page 1 of 2" in first
    for wrong in ("3", "0", "x"):
        assert reader.get(f"{PAGE}?page={wrong}").status_code == 404


def test_its_queries_do_not_grow_with_digests_and_papers(
    reader: Client, ada: User
) -> None:
    counts = []
    for _more in range(2):
        for _digest in range(5):
            digest = make_digest(ada)
            make_delivery(digest, state="accepted", evidence="250 ok")
            for _item in range(3):
                make_item(digest, make_paper())
        with CaptureQueriesContext(connection) as queries:
            reader.get(PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get(PAGE)["Location"].startswith("/account/login/")
