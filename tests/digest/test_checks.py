"""What would go wrong at six in the morning is said at the start."""

from xml.parsers import expat

import pytest
from django.core.checks import run_checks
from pytest_django.fixtures import Settings

from digest.models import Delivery
from digest.pipeline import plan
from tests import factories
from tests.digest.pipeline.sending import render_one
from tests.factories import NOW


def found() -> set[str | None]:
    """Ids of everything that the system checks say."""
    return {message.id for message in run_checks()}


def test_it_says_nothing_about_settings_that_are_right() -> None:
    assert {i for i in found() if i and i.startswith(("digest.", "accounts."))} == set()


def test_c3_it_refuses_to_start_without_a_postal_address(
    settings: Settings,
) -> None:
    settings.DIGEST_POSTAL_ADDRESS = ""

    assert "digest.E001" in found()


@pytest.mark.parametrize(
    ("site_url", "is_told"),
    [("https://papers.example.org", False), ("https://" + "a" * 25 + ".org", True)],
)
def test_h2_it_warns_of_an_address_that_would_fold_the_one_click_header(
    settings: Settings, site_url: str, *, is_told: bool
) -> None:
    settings.SITE_URL = site_url

    assert ("digest.W001" in found()) is is_told


@pytest.mark.django_db
def test_c3_it_sends_no_digest_while_the_postal_address_is_empty(
    settings: Settings,
) -> None:
    delivery = plan_one_paper()
    settings.DIGEST_POSTAL_ADDRESS = ""

    assert not render_one(delivery.pk, now=NOW)

    delivery.refresh_from_db()
    assert delivery.state == Delivery.State.PLANNED


def plan_one_paper() -> Delivery:
    """A reader with one matching paper, planned."""
    topic = factories.make_topic()
    factories.make_match(topic, factories.make_paper())
    user = factories.make_reader("ann@example.org", topic)
    plan.plan_welcome(user.pk, now=NOW)
    return Delivery.objects.get(digest__user=user)


def test_it_refuses_a_parser_of_xml_that_expands_entity_bombs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expat, "version_info", (2, 4, 0))

    assert "digest.E003" in found()
