"""Signing in by e-mailed code, and pages that ask for a fresh one."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import services
from accounts.models import Notice, User
from tests.accounts.story import NOW, code_in_last_mail, confirm, sign_up

pytestmark = pytest.mark.django_db

PRIVATE_PAGES = ["/account/address/", "/account/export/", "/account/erase/"]


@pytest.fixture
def on_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> DjangoCaptureOnCommitCallbacks:
    """Run what waits for the commit, as a request would."""
    return django_capture_on_commit_callbacks


def _post(
    client: Client, on_commit: DjangoCaptureOnCommitCallbacks, path: str, **data: str
) -> HttpResponse:
    with on_commit(execute=True):
        response = client.post(path, data)
    assert isinstance(response, HttpResponse)
    return response


def _sign_in(
    client: Client, on_commit: DjangoCaptureOnCommitCallbacks, email: str
) -> HttpResponse:
    _post(client, on_commit, "/account/login/?next=/account/", login=email)
    path = "/account/login/code/confirm/?next=/account/"
    return _post(client, on_commit, path, code=code_in_last_mail())


def test_a_code_from_the_mail_signs_in(
    alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    response = _sign_in(client, on_commit, "alice@example.org")

    assert response["Location"] == "/account/"
    assert "a…e@e…e.org" in client.get("/account/").content.decode()
    assert mail.outbox[-1].to == ["alice@example.org"]
    assert not Notice.objects.exists()


def test_any_way_of_writing_the_address_finds_the_confirmed_one(
    client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    sign_up("ann.lee@gmail.com")
    confirm("ann.lee@gmail.com")

    _post(client, on_commit, "/account/login/", login="AnnLee+x@googlemail.com")

    assert mail.outbox[-1].to == ["ann.lee@gmail.com"]
    page = client.get("/account/login/code/confirm/").content.decode()
    assert "ann.lee" not in page


def test_the_answer_and_the_work_are_the_same_for_an_unknown_address(
    alice: User, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    services.suppress("blocked@example.org", "complaint", "all", NOW)
    sign_up("blocked@example.org")
    mail.outbox.clear()
    seen = []
    for email in ("alice@example.org", "nobody@example.org", "blocked@example.org"):
        client = Client()
        with CaptureQueriesContext(connection) as captured:
            first = client.post("/account/login/", {"login": email})
        second = client.get("/account/login/code/confirm/")
        page = second.content.decode()
        seen.append((first.status_code, first["Location"], page, len(captured)))
    pages = {(status, where, len(page)) for status, where, page, _count in seen}

    assert len(pages) == 1
    counts = [count for *_rest, count in seen]
    assert max(counts) - min(counts) <= 2  # the lookup of a known person's row
    assert sorted(Notice.objects.values_list("kind", flat=True)) == [
        "nothing",
        "nothing",
        "signin_code",
    ]


def test_a_complained_address_gets_no_code(
    alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    services.suppress("alice@example.org", "complaint", "all", NOW)
    mail.outbox.clear()

    _post(client, on_commit, "/account/login/", login="alice@example.org")

    assert not mail.outbox


def test_one_who_left_the_digests_still_gets_a_code(
    alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    services.suppress("alice@example.org", "request", "digests", NOW)

    assert _sign_in(client, on_commit, "alice@example.org").status_code == 302


def test_a_wrong_code_signs_nobody_in(
    alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    _post(client, on_commit, "/account/login/", login="alice@example.org")
    _post(client, on_commit, "/account/login/code/confirm/", code="WRONG-1")

    assert client.get("/account/").status_code == 302


def test_signing_in_leads_to_no_other_site(
    alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    _post(client, on_commit, "/account/login/", login="alice@example.org")
    path = "/account/login/code/confirm/?next=https://evil.example.net/"
    response = _post(client, on_commit, path, code=code_in_last_mail())

    assert "evil" not in response["Location"]


@pytest.mark.parametrize("path", PRIVATE_PAGES)
def test_private_pages_ask_strangers_to_sign_in(path: str, client: Client) -> None:
    response = client.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"/account/login/?next={path}"


@pytest.mark.parametrize("path", PRIVATE_PAGES)
def test_private_pages_ask_for_a_fresh_code_after_ten_minutes(
    path: str, alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    _sign_in(client, on_commit, "alice@example.org")
    assert client.get(path).status_code == 200

    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        stale = client.get(path)
        assert stale.status_code == 302
        assert stale["Location"].startswith("/account/prove/?next=")
        assert client.post(path).status_code == 302
        assert "a…e@e…e.org" in client.get(stale["Location"]).content.decode()

        asked = _post(client, on_commit, "/account/prove/", next=path)
        back = _post(client, on_commit, asked["Location"], code=code_in_last_mail())
        assert back["Location"] == path
        assert client.get(path).status_code == 200


def test_a_session_without_a_code_is_not_fresh(alice: User, client: Client) -> None:
    client.force_login(alice, "django.contrib.auth.backends.ModelBackend")

    assert client.get("/account/").status_code == 200
    for path in PRIVATE_PAGES:
        assert client.get(path).status_code == 302


def test_the_export_is_a_file(
    alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    _sign_in(client, on_commit, "alice@example.org")
    response = client.get("/account/export/")

    assert json.loads(response.content)["account"]["email"] == "alice@example.org"
    assert "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("tick", "is_kept"), [({}, False), ({"never_mail": "on"}, True)]
)
def test_erasing_asks_first_and_signs_out(
    tick: dict[str, str],
    is_kept: bool,  # noqa: FBT001
    alice: User,
    client: Client,
    on_commit: DjangoCaptureOnCommitCallbacks,
) -> None:
    _sign_in(client, on_commit, "alice@example.org")
    client.get("/account/erase/")
    assert User.objects.exists()

    response = _post(client, on_commit, "/account/erase/", **tick)

    assert response["Location"] == "/account/erased/"
    assert not User.objects.exists()
    assert services.is_suppressed("alice@example.org", "all") is is_kept
    assert client.get("/account/").status_code == 302


def test_changing_the_address_answers_alike_for_every_address(
    alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    sign_up("bob@example.org")
    confirm("bob@example.org")
    _sign_in(client, on_commit, "alice@example.org")

    taken = _post(client, on_commit, "/account/address/", email="bob@example.org")
    free = _post(client, on_commit, "/account/address/", email="new@example.org")

    assert taken["Location"] == free["Location"] == "/account/address/asked/"
    assert mail.outbox[-1].to == ["new@example.org"]


def test_signing_out_needs_the_button(
    alice: User, client: Client, on_commit: DjangoCaptureOnCommitCallbacks
) -> None:
    _sign_in(client, on_commit, "alice@example.org")
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/").status_code == 200

    _post(client, on_commit, "/account/logout/")
    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "path", ["email/", "password/change/", "password/reset/", "password/set/"]
)
def test_pages_of_allauth_that_go_past_our_rules_do_not_exist(
    path: str, client: Client
) -> None:
    assert client.get(f"/account/{path}").status_code == 404


def test_allauths_sign_up_leads_to_our_form(client: Client) -> None:
    assert client.get("/account/signup/").status_code == 302
