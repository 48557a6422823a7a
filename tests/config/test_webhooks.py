"""The guard before anymail's addresses: nothing forged or unreadable is stored."""

import base64
from importlib.util import find_spec
from typing import Any

import pytest
from django.test import Client

from config.webhooks import LARGEST_BODY, urlpatterns
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
