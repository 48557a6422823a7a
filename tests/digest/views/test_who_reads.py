"""Whose preferences a browser shows when links and sign-ins meet, or links end."""

import pytest
from django.test import Client

from accounts import services as accounts
from accounts.addresses import normalise
from accounts.models import User
from digest.models import Schedule
from tests.digest.views.steps import manage, page_of
from tests.factories import NOW, make_reader

pytestmark = pytest.mark.django_db


@pytest.fixture
def other() -> Schedule:
    return Schedule.objects.get(user=make_reader("zoe@example.com"))


def test_a_link_opened_while_signed_in_shows_the_reader_of_the_link(
    client: Client, schedule: Schedule, other: Schedule
) -> None:
    client.force_login(schedule.user)

    manage(client, other)

    assert "z…e@e…e.com" in page_of(client)


def test_signing_in_ends_what_a_link_had_opened(
    client: Client, schedule: Schedule, other: Schedule
) -> None:
    manage(client, other)

    client.force_login(schedule.user)

    assert "a…a@e…e.org" in page_of(client)


def test_a_new_address_ends_the_link_of_the_mails_to_the_old_one(
    client: Client, schedule: Schedule
) -> None:
    user = User.objects.get(pk=schedule.user_id)
    accounts.request_address_change(user, normalise("ada@example.com"), NOW)
    token = user.address_change.token

    accounts.confirm_address_change(token, NOW)

    assert manage(client, schedule).status_code == 404


def test_revoked_links_open_nothing_and_still_stop_mail(
    client: Client, schedule: Schedule
) -> None:
    accounts.revoke_links(schedule.user)

    assert manage(client, schedule).status_code == 404
    stopped = client.post(
        f"/u/{schedule.unsubscribe_token}", {"List-Unsubscribe": "One-Click"}
    )
    assert stopped.status_code == 200
    schedule.refresh_from_db()
    assert schedule.ended_at
