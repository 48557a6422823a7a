"""The admin asks staff for a second factor; people are made staff by a service."""

import pytest
from django.contrib.admin.sites import site
from django.test import Client

from accounts import services
from accounts.models import AddressError, Invitation, Notice, User
from tests.accounts.story import NOW, send_all

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def boss() -> User:
    return services.make_staff("Boss@example.org", "correct horse", NOW)


def test_it_makes_an_administrator_once(boss: User) -> None:
    again = services.make_staff("boss@example.org", None, NOW)

    assert again == boss
    assert (boss.is_staff, boss.is_superuser) == (True, True)
    assert again.check_password("correct horse")
    assert boss.consents.get().method == "staff"


def test_it_makes_a_person_staff_who_was_there(alice: User) -> None:
    curator = services.make_staff("alice@example.org", None, NOW, is_superuser=False)

    assert curator == alice
    assert (curator.is_staff, curator.is_superuser) == (True, False)


def test_it_refuses_an_address_that_is_none() -> None:
    with pytest.raises(AddressError):
        services.make_staff("boss", None, NOW)


def test_an_administrator_enters_with_a_password_where_no_factor_is_asked(
    boss: User, client: Client
) -> None:
    response = client.post(
        "/admin/login/?next=/admin/",
        {"username": "BOSS@example.org", "password": "correct horse"},
    )

    assert response["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_a_strange_name_is_no_error_at_the_admins_door(client: Client) -> None:
    response = client.post("/admin/login/", {"username": "boss", "password": "x"})

    assert response.status_code == 200


def test_the_page_that_sets_up_the_authenticator_opens(
    alice: User, client: Client
) -> None:
    client.force_login(alice, BACKEND)

    assert client.get("/account/2fa/totp/activate/").status_code == 200


ADMIN_PAGES = ["user", "signup", "consent", "suppression", "invitation"]


@pytest.mark.parametrize("name", ADMIN_PAGES)
def test_administrators_see_every_table(
    name: str, boss: User, alice: User, client: Client
) -> None:
    services.suppress("x@example.org", "complaint", "all", NOW)
    client.force_login(boss, BACKEND)

    assert client.get(f"/admin/accounts/{name}/").status_code == 200
    page = client.get(f"/admin/accounts/{name}/add/")
    assert page.status_code == (200 if name == "invitation" else 403)


def test_administrators_find_a_suppression_by_its_address(
    boss: User, client: Client
) -> None:
    services.suppress("x@example.org", "complaint", "all", NOW)
    client.force_login(boss, BACKEND)

    found = client.get("/admin/accounts/suppression/", {"q": "X@example.org"})
    other = client.get("/admin/accounts/suppression/", {"q": "y@example.org"})
    assert b"1 suppression" in found.content
    assert b"0 suppressions" in other.content


def test_an_administrator_makes_an_invitation(boss: User, client: Client) -> None:
    client.force_login(boss, BACKEND)
    client.post("/admin/accounts/invitation/add/", {"note": "for Ann"})

    invitation = Invitation.objects.get()
    assert (invitation.note, invitation.created_by) == ("for Ann", boss)
    assert len(invitation.code) >= 22


def test_deleting_a_person_in_the_admin_erases_them(
    boss: User, alice: User, client: Client
) -> None:
    client.force_login(boss, BACKEND)
    client.post(f"/admin/accounts/user/{alice.pk}/delete/", {"post": "yes"})

    assert not User.objects.filter(pk=alice.pk).exists()


def test_an_administrator_ends_the_links_of_a_person(
    boss: User, alice: User, client: Client
) -> None:
    client.force_login(boss, BACKEND)
    client.post(
        "/admin/accounts/user/",
        {"action": "end_links", "_selected_action": [alice.pk]},
    )

    assert User.objects.get(pk=alice.pk).token_epoch == 1


def test_an_invitation_goes_by_mail_where_an_address_is_given(
    boss: User, mailoutbox: list[object]
) -> None:
    services.invite(note="", created_by=boss, now=NOW, email="ann@example.org")
    send_all()

    assert len(mailoutbox) == 1
    assert not Notice.objects.exists()


def test_the_models_are_registered_with_the_site() -> None:
    assert site.is_registered(User)
