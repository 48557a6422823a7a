"""The guard before anymail's addresses: nothing forged or unreadable is stored."""

import base64
from importlib.util import find_spec
from typing import Any

import pytest
from django.test import Client

from config.refused import MOST_REFUSED
from config.webhooks import LARGEST_BODY, urlpatterns
from digest.bench.story.processes import free_port
from digest.models import DeliveryEvent

pytestmark = pytest.mark.django_db

SECRET = "only:for-tests"
ADDRESSES = [
    "/anymail/brevo/tracking/",
    "/anymail/mailjet/tracking/",
    "/anymail/postmark/tracking/",
    "/anymail/sparkpost/tracking/",
]


def post(
    address: str, body: bytes, secret: str = SECRET, kind: str = "application/json"
) -> Any:
    coded = base64.b64encode(secret.encode()).decode()
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    return client.post(
        address, body, content_type=kind, headers={"Authorization": f"Basic {coded}"}
    )


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("secret", ["", "only:wrong", "only", "ä:ö"])
def test_a_forged_report_is_refused(address: str, secret: str) -> None:
    response = post(address, b'{"RecordType": "Delivery"}', secret)

    assert response.status_code in {400, 401}
    assert not DeliveryEvent.objects.exists()


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "body",
    [b"", b"\x00", b"nonsense", b"[]", b"7", b"[[[", b"{}", b'{"a": ' * 5000, b"\xff"],
)
def test_a_report_that_nobody_can_read_is_no_fault_of_ours(
    address: str, body: bytes
) -> None:
    assert post(address, body).status_code in {200, 400}


def test_a_body_over_the_cap_is_not_read() -> None:
    body = b'{"RecordType": "Delivery", "x": "' + b"x" * LARGEST_BODY + b'"}'

    assert post("/anymail/postmark/tracking/", body).status_code == 413
    assert not DeliveryEvent.objects.exists()


def test_a_report_passes_without_a_token_of_ours() -> None:
    body = b'{"RecordType": "Delivery", "MessageID": "m", "Recipient": "a@b.org"}'

    assert post("/anymail/postmark/tracking/", body).status_code == 200
    assert DeliveryEvent.objects.count() == 1


def test_there_is_no_address_for_inbound_mail() -> None:
    assert len(urlpatterns) > 10
    assert post("/anymail/postmark/inbound/", b"{}").status_code == 404


def test_a_provider_whose_library_is_missing_has_no_address() -> None:
    if find_spec("boto3"):
        pytest.skip("boto3 is installed")
    assert post("/anymail/amazon_ses/tracking/", b"{}").status_code == 404


def forge(address: str = "127.0.0.1") -> int:
    """The status of the answer to a report with a wrong secret."""
    coded = base64.b64encode(b"only:wrong").decode()
    client = Client(raise_request_exception=False, REMOTE_ADDR=address)
    response = client.post(
        "/anymail/postmark/tracking/",
        b"{}",
        content_type="application/json",
        headers={"Authorization": f"Basic {coded}"},
    )
    return int(response.status_code)


def test_who_forges_again_and_again_is_turned_away_and_others_are_not() -> None:
    statuses = [forge("192.0.2.7") for _ in range(MOST_REFUSED + 1)]

    assert statuses == [400] * MOST_REFUSED + [429]
    assert forge("192.0.2.8") == 400


def test_guessing_on_does_not_find_the_secret_out() -> None:
    for _ in range(MOST_REFUSED):
        forge()

    response = post("/anymail/postmark/tracking/", b"{}")

    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert not DeliveryEvent.objects.exists()


def test_a_provider_is_never_turned_away_for_many_reports() -> None:
    body = b'{"RecordType": "Delivery", "MessageID": "m", "Recipient": "a@b.org"}'

    for _ in range(MOST_REFUSED + 1):
        assert post("/anymail/postmark/tracking/", body).status_code == 200


def test_reports_pass_where_nobody_can_count(settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{free_port()}/0",
        }
    }
    body = b'{"RecordType": "Delivery", "MessageID": "m", "Recipient": "a@b.org"}'

    assert forge() == 400
    assert post("/anymail/postmark/tracking/", body).status_code == 200
