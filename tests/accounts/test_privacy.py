"""Everything held about a person: exported and erased, whoever holds it (L3, L4)."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test import Client

from accounts import services
from accounts.addresses import normalise
from accounts.models import Signup, Suppression, User
from accounts.services import privacy
from tests.accounts.story import NOW, sign_up

BACKEND = "django.contrib.auth.backends.ModelBackend"

pytestmark = pytest.mark.django_db


@pytest.fixture
def registry() -> Iterator[None]:
    """Leave the registered exporters and erasers as they were."""
    exporters, erasers = dict(privacy._exporters), dict(privacy._erasers)
    yield
    privacy._exporters.clear()
    privacy._exporters.update(exporters)
    privacy._erasers.clear()
    privacy._erasers.update(erasers)


def test_it_exports_what_it_holds_as_json(alice: User) -> None:
    exported = json.loads(
        json.dumps(services.export_user(alice), cls=DjangoJSONEncoder)
    )

    account = exported["account"]
    assert account["email"] == "alice@example.org"
    assert account["consents"][0]["ip_prefix"] == "192.0.2.0/24"
    assert account["consents"][0]["confirmed_at"] == "2026-11-20T12:00:00Z"
    assert account["sign_ups"][0]["wishes"] == {"topics": [1]}
    assert "token" not in json.dumps(exported)


def test_it_exports_and_erases_what_others_registered(
    alice: User, registry: None
) -> None:
    erased: list[tuple[str, datetime]] = []
    services.register_exporter("shelf", lambda user: [f"read by {user.pk}"])
    services.register_eraser(
        "shelf", lambda user, now: erased.append((user.email, now))
    )

    assert services.export_user(alice)["shelf"] == [f"read by {alice.pk}"]
    services.erase_user(alice, NOW)
    assert erased == [("alice@example.org", NOW)]


def test_an_eraser_that_fails_leaves_everything_in_place(
    alice: User, registry: None
) -> None:
    def fail(_user: User, _now: datetime) -> None:
        raise RuntimeError("the shelf is stuck")

    services.register_eraser("shelf", fail)

    with pytest.raises(RuntimeError):
        services.erase_user(alice, NOW)
    assert User.objects.filter(pk=alice.pk).exists()
    assert Signup.objects.exists()


def _all_rows() -> str:
    """Everything that stands in any table, as one text."""
    found: list[Any] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found += cursor.fetchall()
    return repr(found)


def test_after_an_erasure_the_address_stands_nowhere(alice: User) -> None:
    services.request_address_change(alice, normalise("a2@example.org"), NOW)
    assert "alice@example.org" in _all_rows()

    services.erase_user(alice, NOW)

    assert "alice@example.org" not in _all_rows()
    assert "a2@example.org" not in _all_rows()
    assert not services.is_suppressed("alice@example.org", "all")


def test_an_erasure_ends_sessions_and_leaves_no_address_in_the_log(
    alice: User, client: Client
) -> None:
    boss = services.make_staff("boss@example.org", None, NOW)
    client.force_login(boss, BACKEND)
    form = {"language": "en", "is_active": "on"}
    inline = {"consents-TOTAL_FORMS": 0, "consents-INITIAL_FORMS": 0}
    client.post(f"/admin/accounts/user/{alice.pk}/change/", {**form, **inline})
    assert LogEntry.objects.filter(object_repr="alice@example.org").exists()
    readers = Client()
    readers.force_login(alice, BACKEND)
    readers.post("/account/prove/")
    held = [str(session.get_decoded()) for session in Session.objects.all()]
    assert sum("alice@example.org" in content for content in held) == 1

    client.post(f"/admin/accounts/user/{alice.pk}/delete/", {"post": "yes"})

    assert "alice@example.org" not in _all_rows()
    assert LogEntry.objects.count() == 2
    assert Session.objects.count() == 1


def test_a_complaint_outlives_the_erasure(alice: User) -> None:
    services.suppress(alice.email, "complaint", "all", NOW)

    services.erase_user(alice, NOW)

    assert services.is_suppressed("alice@example.org", "all")


def test_one_can_ask_never_to_be_written_to_again(alice: User) -> None:
    services.erase_and_never_mail(alice, NOW)

    assert Suppression.objects.get().reason == "erased"
    assert "alice@example.org" not in _all_rows()


def test_an_erased_person_can_come_back(alice: User, mailoutbox: list[Any]) -> None:
    services.erase_user(alice, NOW)
    mailoutbox.clear()
    sign_up("alice@example.org", NOW)

    assert len(mailoutbox) == 1
