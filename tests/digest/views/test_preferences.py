"""The preferences page: what each of its small forms changes, and what it refuses."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import services
from accounts.models import User
from digest.models import Schedule, Subscription, Timing, Topic
from digest.reading import subscriptions
from tests.digest.views.steps import all_rows, manage, page_of
from tests.factories import NOW, make_reader, make_source, make_topic

PLAN = {
    "action": "schedule",
    "cadence": "weekly",
    "weekday": "5",
    "hour": "18",
    "zone": "America/New_York",
    "max_papers": "7",
}


def post(reader: Client, action: str, **fields: Any) -> Any:
    return reader.post("/preferences/", {"action": action, **fields})


def test_a_form_from_another_site_is_refused(schedule: Schedule) -> None:
    browser = Client(enforce_csrf_checks=True)
    manage(browser, schedule)

    assert post(browser, "end").status_code == 403
    assert Schedule.objects.get().ended_at is None


def test_the_page_sends_a_referer_to_itself_so_that_its_forms_work(
    reader: Client,
) -> None:
    response = reader.get("/preferences/")

    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_topics_are_ticked_on_and_off(reader: Client, ada: User, robots: Topic) -> None:
    plants = make_topic("plants")

    response = post(reader, "topics", topics=[plants.pk, robots.pk])

    assert response["Location"] == "/preferences/?saved=topics"
    active = Subscription.objects.active().filter(user=ada)
    assert {subscription.topic for subscription in active} == {plants, robots}


def test_b49_a_topic_of_another_person_is_refused(
    reader: Client, ada: User, robots: Topic
) -> None:
    other = make_topic("secret", owner=make_reader("bob@example.org"))

    response = post(reader, "topics", topics=[other.pk, robots.pk])

    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()
    assert Subscription.objects.active().filter(user=ada).count() == 2
    for page in ("edit", "remove"):
        path = f"/preferences/topics/{other.slug}/{page}/"
        assert reader.post(path, {"name": "x", "query": "y"}).status_code == 404


def test_the_schedule_moves_the_next_digest(reader: Client, schedule: Schedule) -> None:
    reader.post("/preferences/", PLAN)

    schedule.refresh_from_db()
    assert (schedule.cadence, schedule.weekday, schedule.hour) == ("weekly", 5, 18)
    assert schedule.max_papers == 7
    # NOW is a Friday noon in UTC; 18:00 in New York is 23:00 in UTC.
    assert schedule.next_due_at == NOW.replace(hour=23)
    page = page_of(reader)
    assert "Every Friday at 18:00, America/New_York time." in page
    assert "Friday 20 November, 18:00 (America/New_York)" in page


def test_a_monthly_digest_comes_on_its_day(reader: Client, schedule: Schedule) -> None:
    reader.post("/preferences/", {**PLAN, "cadence": "monthly", "month_day": "28"})

    schedule.refresh_from_db()
    assert (schedule.cadence, schedule.month_day) == ("monthly", 28)
    assert schedule.next_due_at.isoformat() == "2026-11-28T23:00:00+00:00"
    page = page_of(reader)
    assert "Every month, on day 28 at 18:00, America/New_York time." in page
    reader.post("/preferences/", {**PLAN, "cadence": "monthly", "timing": "when_in"})
    assert "Every month, on day 28, as soon as its papers are in." in page_of(reader)


def test_one_paper_outside_the_topics_is_asked_for_and_no_longer(
    reader: Client, schedule: Schedule
) -> None:
    reader.post("/preferences/", {**PLAN, "explores": "on"})
    schedule.refresh_from_db()
    assert schedule.explores
    assert "One paper outside my topics" in page_of(reader)

    reader.post("/preferences/", PLAN)
    schedule.refresh_from_db()
    assert not schedule.explores


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Mars/X"),
        ("zone", "../../etc"),
        ("zone", ""),
        ("zone", "localtime"),
        ("weekday", "9"),
        ("weekday", "x"),
        ("month_day", "29"),
        ("month_day", "x"),
        ("hour", "25"),
        ("hour", "-1"),
        ("max_papers", "0"),
        ("max_papers", "51"),
        ("max_papers", "9" * 400),
        ("cadence", "welcome"),
    ],
)
def test_b49_a_wrong_schedule_is_told_beside_the_field(
    reader: Client, field: str, value: str
) -> None:
    rows = all_rows()

    response = reader.post("/preferences/", {**PLAN, field: value})

    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()
    assert all_rows() == rows


def test_an_old_alias_of_a_zone_is_taken(reader: Client) -> None:
    reader.post("/preferences/", {**PLAN, "zone": "Asia/Calcutta"})

    assert Schedule.objects.get().zone == "Asia/Calcutta"


def test_saving_the_schedule_does_not_undo_an_unsubscribe(
    reader: Client, schedule: Schedule
) -> None:
    subscriptions.end_all(schedule, now=NOW)

    reader.post("/preferences/", PLAN)

    assert Schedule.objects.get().ended_at == NOW


def test_a_pause_says_when_papers_come_again(reader: Client) -> None:
    post(reader, "pause", paused_until="2026-12-24")

    assert Schedule.objects.get().paused_until == date(2026, 12, 24)
    page = page_of(reader)
    assert "Thursday 24 December, 07:00 (Europe/Paris)" in page

    post(reader, "unpause")

    assert Schedule.objects.get().paused_until is None
    assert "Saturday 21 November, 07:00 (Europe/Paris)" in page_of(reader)


@pytest.mark.parametrize("day", ["2026-11-20", "1999-01-01", "soon", "", "2026-02-30"])
def test_a_pause_needs_a_day_to_come(reader: Client, day: str) -> None:
    response = post(reader, "pause", paused_until=day)

    assert 'class="error"' in response.content.decode()
    assert Schedule.objects.get().paused_until is None


def test_tomorrow_is_by_the_readers_own_calendar(
    reader: Client, clock: list[datetime]
) -> None:
    Schedule.objects.update(zone="Pacific/Auckland")  # 21 November there already

    response = post(reader, "pause", paused_until="2026-11-21")

    assert 'class="error"' in response.content.decode()


def test_all_digests_end_and_come_again(reader: Client, ada: User) -> None:
    post(reader, "end")
    assert Schedule.objects.get().ended_at == NOW
    assert "Your digests have ended" in page_of(reader)

    post(reader, "resume")
    schedule = Schedule.objects.get()
    assert schedule.ended_at is None
    assert schedule.next_due_at > NOW
    assert Subscription.objects.active().filter(user=ada).count() == 2


def test_an_unknown_button_changes_nothing(reader: Client) -> None:
    rows = all_rows()

    assert post(reader, "explode").status_code == 400
    assert all_rows() == rows


def test_a_refused_address_is_told_to_its_reader(reader: Client) -> None:
    services.suppress("ada@example.org", "hard_bounce", "all", NOW)

    assert "refused our mail" in page_of(reader)


def test_address_export_and_erasure_ask_for_a_sign_in(reader: Client) -> None:
    page = page_of(reader)

    for path in ("/account/address/", "/account/export/", "/account/erase/"):
        assert f'href="{path}"' in page
        assert reader.get(path)["Location"].startswith("/account/login/")


def test_the_page_takes_as_many_queries_for_many_topics_as_for_few(
    reader: Client, ada: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        make_topic(f"own-{number}", owner=ada)

    with django_assert_max_num_queries(12):
        reader.get("/preferences/")


def test_the_next_digest_is_right_over_the_end_of_summer_time(
    reader: Client, clock: list[datetime]
) -> None:
    clock[0] = datetime(2027, 3, 27, 12, tzinfo=NOW.tzinfo)

    reader.post("/preferences/", {**PLAN, "cadence": "daily", "zone": "Europe/Paris"})
    first = Schedule.objects.get().next_due_at
    clock[0] = first + timedelta(seconds=1)
    reader.post("/preferences/", {**PLAN, "cadence": "daily", "zone": "Europe/Paris"})

    # 18:00 in Paris on both days, though the clocks went forward in the night.
    assert Schedule.objects.get().next_due_at - first == timedelta(hours=23)


def test_a_reader_may_ask_for_the_mail_as_soon_as_the_papers_are_in(
    reader: Client, schedule: Schedule
) -> None:
    assert "6 hours at most" in page_of(reader)

    reader.post("/preferences/", {**PLAN, "cadence": "daily", "timing": "when_in"})

    schedule.refresh_from_db()
    assert schedule.timing == Timing.WHEN_IN
    text = page_of(reader)
    assert "Every day, as soon as its papers are in." in text


def test_a_digest_that_waits_is_shown_with_what_it_waits_for(
    reader: Client, schedule: Schedule
) -> None:
    now = timezone.now()
    make_source(name="arXiv: optics", last_succeeded_at=now)
    Schedule.objects.update(
        next_due_at=now - timedelta(minutes=1), held_until=now + timedelta(minutes=4)
    )

    text = page_of(reader)

    assert "digest waits for" in text
    assert "it goes by" in text
