"""What each role opens in the admin, page by page, and what it may do there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from accounts.models import User
from digest.starter.roles import CURATORS, OBSERVERS, OPERATORS, ROLES, make_roles
from tests import factories

pytestmark = pytest.mark.django_db

LOOK = {"view"}
KEEP = {"add", "change", "view"}
ALL = {"add", "change", "delete", "view"}
STANDARD = ("changelist", "add", "history", "delete", "change")

CURATORS_MAY = {
    "digest.pick": LOOK,  # changed at the desk of the day
    "digest.topic": KEEP,
    "digest.merge": LOOK,
    "digest.deskchange": LOOK,
    "digest.submission": LOOK,
    "digest.paper": LOOK,
    "digest.source": LOOK,
    "digest.batch": LOOK,
    "digest.digest": LOOK,
    "digest.delivery": LOOK,
    "digest.heartbeat": LOOK,
    "digest.holiday": LOOK,
}
OPERATORS_MAY = {
    "digest.sendinghold": {"add", "change", "view"},
    "digest.source": KEEP,
    "digest.holiday": ALL,
    "accounts.user": LOOK,
    "admin.logentry": LOOK,
    "accounts.consent": LOOK,
    "accounts.signup": LOOK,
    "digest.reader": LOOK,
    "accounts.invitation": KEEP,
    "accounts.suppression": {"delete", "view"},
}
"""Beside looking at every table of digests."""

CUSTOM_PAGES: dict[str, set[str]] = {
    "digest_source_check": {OPERATORS},
    "digest_source_import": {OPERATORS},
    "digest_source_export": {CURATORS, OPERATORS, OBSERVERS},
    "digest_topic_try": {CURATORS},
    "digest_today": {CURATORS, OPERATORS, OBSERVERS},
    "digest_topic_import": {CURATORS},
    "digest_topic_export": {CURATORS, OPERATORS, OBSERVERS},
    "digest_statistics": {CURATORS, OPERATORS, OBSERVERS},
    "digest_digest_preview": {CURATORS, OPERATORS, OBSERVERS},
    "digest_reader_invite": {OPERATORS},
    "digest_reader_import": {OPERATORS},
    "digest_delivery_run": {CURATORS, OPERATORS, OBSERVERS},
}
"""The pages that are no table's own, and the roles that they open to."""

PAGES_OF_ROWS = {
    "digest_digest_preview_of",
    "digest_digest_preview_mail",
    "digest_submission_trust",
}
"""Those that `test_previews` and `test_submission_trust` judge, with their rows."""


def enter_as(role: str) -> Client:
    """The browser of a staff member who has this role and nothing else."""
    user = User.objects.create_user(f"{role.lower()}@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def expected(role: str, model: type[Model]) -> set[str]:
    """What the role may do with a table, as this file says it."""
    label = model._meta.label_lower
    if role == CURATORS:
        return CURATORS_MAY.get(label, set())
    seen = LOOK if label.startswith("digest.") else set()
    return OPERATORS_MAY.get(label, seen) if role == OPERATORS else seen


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_tables_and_no_others(role: str) -> None:
    client = enter_as(role)
    request = client.get("/admin/").wsgi_request
    for model, desk in admin.site._registry.items():
        allowed = {act for act, is_given in _acts(desk, request) if is_given}
        assert allowed == expected(role, model), model._meta.label
        listed = client.get(_path(model, "changelist")).status_code
        assert listed == (200 if "view" in allowed else 403), model._meta.label
        added = client.get(_path(model, "add")).status_code
        assert added == (200 if "add" in allowed else 403), model._meta.label


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_pages_and_no_others(role: str) -> None:
    client = enter_as(role)
    for name, roles in CUSTOM_PAGES.items():
        path = reverse(f"admin:{name}")
        response = client.get(path)
        if response.status_code == 405:  # it only takes what is sent
            response = client.post(path)
        is_open = response.status_code in {200, 302}
        assert is_open == (role in roles), (name, response.status_code)
        assert is_open or response.status_code == 403


def test_every_page_of_the_admin_is_named_here() -> None:
    tables = {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in admin.site._registry
        for page in STANDARD
    }
    django_own = {"app_list", *_names(admin.AdminSite(name="bare").get_urls())}

    others = set(_names(admin.site.get_urls())) - tables - django_own

    assert others == {*CUSTOM_PAGES, *PAGES_OF_ROWS}


def test_the_roles_are_there_after_migrate_and_again_changes_nothing() -> None:
    before = _given()
    assert set(before) == set(ROLES)
    assert all(before.values())

    make_roles()
    call_command("migrate", verbosity=0)

    assert _given() == before


def test_a_role_is_exactly_what_the_release_says() -> None:
    before = _given()
    group = Group.objects.get(name=OBSERVERS)
    group.permissions.add(Permission.objects.get(codename="delete_user"))
    Group.objects.get(name=CURATORS).permissions.clear()
    mixture = Group.objects.create(name="Our own mixture")
    mixture.permissions.add(Permission.objects.get(codename="add_source"))

    make_roles()

    after = _given()
    assert after.pop("Our own mixture") == {"add_source"}
    assert after == before


def test_nobody_is_given_a_role_by_it() -> None:
    factories.make_reader()
    make_roles()

    assert not User.groups.through.objects.exists()


def _acts(desk: Any, request: Any) -> Iterator[tuple[str, bool]]:
    yield "view", desk.has_view_permission(request)
    yield "add", desk.has_add_permission(request)
    yield "change", desk.has_change_permission(request)
    yield "delete", desk.has_delete_permission(request)


def _path(model: type[Model], page: str) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}")


def _names(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield pattern.name


def _given() -> dict[str, set[str]]:
    return {
        group.name: set(group.permissions.values_list("codename", flat=True))
        for group in Group.objects.all()
    }
