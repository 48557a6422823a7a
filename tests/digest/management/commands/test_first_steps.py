"""The first commands of an installation: `bootstrap`, and `load_demo` of `make run`."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from digest.models import Batch, Delivery, Holiday, Paper, Pick, Source, Topic
from digest.starter import read_holidays, read_sources, read_topics
from tests.digest.pipeline.mails import complaints, mail_of
from tests.digest.pipeline.sending import deliver_one, render_one
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings: Any, tmp_path: Path) -> Path:
    """Settings of this computer alone, with the addresses that only it has."""
    settings.SITE_URL = "http://127.0.0.1:8000"
    settings.VAR_DIR = tmp_path
    settings.ROOT_URLCONF = "tests.digest.views.catcher_urls"
    return tmp_path


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def test_bootstrap_makes_what_a_production_system_begins_with() -> None:
    said = run("bootstrap", "you@example.org")

    admin = User.objects.get()
    assert (admin.email, admin.is_superuser) == ("you@example.org", True)
    assert Topic.objects.count() == len(read_topics())
    assert Source.objects.count() == len(read_sources()) - 1
    assert not Source.objects.filter(kind="sample").exists()
    assert Holiday.objects.days() == {holiday.day for holiday in read_holidays()}
    assert "https://papers.example.org/admin/" in said


def test_bootstrap_again_adds_nothing_and_keeps_what_was_edited() -> None:
    run("bootstrap", "you@example.org")
    Topic.objects.filter(slug="robotics").update(name="Our robots")

    said = run("bootstrap", "you@example.org")

    assert "0 new topics, 0 new sources, 0 new holidays" in said
    assert Topic.objects.get(slug="robotics").name == "Our robots"
    assert User.objects.count() == 1


def test_bootstrap_refuses_what_is_no_address() -> None:
    with pytest.raises(CommandError):
        run("bootstrap", "nobody")


@pytest.mark.usefixtures("here")
def test_the_demo_is_for_this_computer_alone(settings: Any) -> None:
    settings.SITE_URL = "https://papers.example.org"

    with pytest.raises(CommandError):
        run("load_demo")

    assert not User.objects.exists()


@pytest.mark.usefixtures("here")
def test_the_demo_readers_digest_keeps_every_rule_and_brings_the_pick() -> None:
    run("load_demo")

    assert Paper.objects.count() == 62
    assert Batch.objects.count() == 7
    delivery = Delivery.objects.get()
    assert render_one(delivery.pk, now=delivery.next_attempt_at)
    delivery.refresh_from_db()
    mail = mail_of(delivery)
    assert complaints(mail) == []
    assert Pick.objects.get().note in mail.words
    assert deliver_one(delivery.pk, now=delivery.next_attempt_at) == "accepted"


def test_the_demo_prints_what_signs_in_and_prints_it_again(here: Path) -> None:
    first = run("load_demo")
    password = (here / "demo-sign-in").read_text()

    assert password in first
    assert run("load_demo") == first
    assert run("load_demo", "--quiet") == ""
    assert User.objects.count() == 2


@pytest.mark.usefixtures("here")
def test_the_demo_never_brings_back_a_holiday_that_was_deleted() -> None:
    run("load_demo")
    Holiday.objects.get(day="2026-12-29").delete()

    run("load_demo")

    assert Holiday.objects.count() == len(read_holidays()) - 1


@pytest.mark.usefixtures("here")
def test_the_demo_survives_people_who_came_before_it() -> None:
    User.objects.create_user("early@example.org", confirmed_at=NOW)

    said = run("load_demo")

    assert "/admin/" in said
    assert User.objects.count() == 1


@pytest.mark.usefixtures("here")
def test_a_curator_edits_what_is_a_curators_and_looks_at_the_rest(
    client: Client,
) -> None:
    run("load_demo")
    curator = User.objects.get(is_staff=True)
    client.force_login(curator)

    assert not curator.is_superuser
    for model in (Paper, Pick, Topic, Source, Delivery, Holiday):
        path = reverse(f"admin:digest_{model._meta.model_name}_changelist")
        assert client.get(path).status_code == 200
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403
    assert not site.get_model_admin(Source).has_change_permission(
        _request_of(client, curator)
    )


def _request_of(client: Client, user: User) -> Any:
    request = client.get("/admin/").wsgi_request
    request.user = user
    return request
