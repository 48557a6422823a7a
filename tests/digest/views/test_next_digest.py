"""The next digest as it would look now: the very mail, and nothing is written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from digest.models import Schedule, Topic
from tests.digest.pipeline.mails import Mail, mail_for, read
from tests.digest.pipeline.planning import papers_for
from tests.digest.views.steps import all_rows, page_of
from tests.factories import NOW, make_reader

pytestmark = pytest.mark.django_db

PAGE = "/preferences/next/"
MAIL = "/preferences/next/mail/"


@pytest.fixture(autouse=True)
def papers(robots: Topic, picked: None) -> None:
    papers_for(robots, "A robot & its hand", "A robot that walks")


def shown(reader: Client) -> Mail:
    response = reader.get(MAIL)
    assert response.status_code == 200
    return read(_as_message(response.content.decode()))


def test_the_preferences_lead_to_it(reader: Client) -> None:
    assert f'href="{PAGE}"' in page_of(reader)

    page = reader.get(PAGE).content.decode()

    assert f'src="{MAIL}"' in page
    assert "It goes on Saturday 21 November, 07:00 (Europe/Paris)" in page


def test_it_is_the_mail_that_would_go_and_writes_nothing(
    reader: Client, ada: User
) -> None:
    rows = all_rows()
    early = shown(reader)
    reader.get(PAGE)
    assert all_rows() == rows
    assert "A robot & its hand" in early.words
    assert "Saturday 21 November 2026" in early.words

    Schedule.objects.filter(user=ada).update(next_due_at=NOW)
    due, mail = shown(reader), mail_for(ada)

    assert due.words == mail.words
    assert due.tags - {"base"} == mail.tags


def test_it_keeps_links_that_last_for_ever_to_itself(
    reader: Client, schedule: Schedule, ada: User
) -> None:
    html = shown(reader).html

    leave = ada.subscriptions.values_list("leave_token", flat=True)
    for token in (schedule.manage_token, schedule.unsubscribe_token, *leave):
        assert token not in html
    assert f"/f/{schedule.feedback_token}/" in html


def test_it_is_shown_in_a_sandbox(reader: Client) -> None:
    response = reader.get(MAIL)

    assert response["Content-Security-Policy"].startswith("sandbox ")
    assert "script-src" not in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert '<base target="_top">' in response.content.decode()


def test_a_stranger_is_sent_to_sign_in(client: Client, schedule: Schedule) -> None:
    for path in (PAGE, MAIL):
        assert client.get(path)["Location"].startswith("/account/login/")


def test_where_nothing_has_come_it_says_so(client: Client, robots: Topic) -> None:
    quiet = make_reader("quiet@example.org")
    client.force_login(quiet)

    page = client.get(PAGE).content.decode()

    assert "no mail would go now" in page
    assert "iframe" not in page
    assert client.get(MAIL).status_code == 404


def test_it_says_that_a_paused_or_ended_digest_does_not_go(
    reader: Client, schedule: Schedule
) -> None:
    Schedule.objects.update(paused_until=date(2026, 12, 1))
    page = reader.get(PAGE).content.decode()
    assert "You paused your digests until" in page
    assert "Tuesday 1 December" in page

    Schedule.objects.update(ended_at=NOW)
    assert "Your digests have ended" in reader.get(PAGE).content.decode()


def test_it_follows_the_order_and_the_cadence_of_the_reader(
    reader: Client, robots: Topic
) -> None:
    papers_for(robots, "A month old", announced_on=NOW.date() - timedelta(days=30))
    assert "A month old" not in shown(reader).words

    Schedule.objects.update(cadence="monthly", month_day=28)

    words = shown(reader).words
    assert "A month old" in words
    assert "Your papers of the month to 28 November 2026" in words


def test_its_queries_do_not_grow_with_the_papers(reader: Client, robots: Topic) -> None:
    counts = []
    for path in (PAGE, MAIL):
        reader.get(path)
        with CaptureQueriesContext(connection) as few:
            reader.get(path)
        counts.append(len(few))
    papers_for(robots, *(f"Another robot {n}" for n in range(15)))
    for path, count in zip((PAGE, MAIL), counts, strict=True):
        with CaptureQueriesContext(connection) as many:
            reader.get(path)
        assert len(many) == count


def _as_message(html: str) -> bytes:
    head = 'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    plain = "--b\r\nContent-Type: text/plain\r\n\r\n-\r\n"
    kind = "--b\r\nContent-Type: text/html; charset=utf-8\r\n"
    coded = "Content-Transfer-Encoding: 8bit\r\n\r\n"
    return f"{head}{plain}{kind}{coded}{html}\r\n--b--\r\n".encode()
