"""Metrics are nobody's but whose the settings say."""

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

TOKEN = {"Authorization": "Bearer a-long-token"}


@pytest.fixture(autouse=True)
def _no_broker(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"


def test_they_are_off_unless_set_up(client: Client) -> None:
    assert client.get("/metrics").status_code == 404
    assert (
        client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    )


def test_the_token_opens_them(client: Client, settings: Settings) -> None:
    settings.DIGEST_METRICS_TOKEN = "a-long-token"

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics?token=a-long-token").status_code == 404
    wrong = client.get("/metrics", headers={"Authorization": "Bearer a-long-tokeN"})
    assert wrong.status_code == 404
    response = client.get("/metrics", headers=TOKEN)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b"paperboy_queue_depth 0.0" in response.content


def test_a_network_opens_them(client: Client, settings: Settings) -> None:
    settings.DIGEST_METRICS_NETWORKS = ["10.0.0.0/8"]

    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404


def test_who_comes_through_the_proxy_is_where_the_proxy_says(
    client: Client, settings: Settings
) -> None:
    settings.DIGEST_METRICS_NETWORKS = ["10.0.0.0/8"]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def ask(forwarded_for: str) -> int:
        headers = {"X-Forwarded-For": forwarded_for}
        return client.get(
            "/metrics", headers=headers, REMOTE_ADDR="10.0.0.1"
        ).status_code

    assert ask("192.0.2.1") == 404
    assert ask("10.9.9.9, 192.0.2.1") == 404
    assert ask("nonsense") == 404
    assert ask("10.9.9.9") == 200


def test_no_secret_is_among_them(client: Client, settings: Settings) -> None:
    settings.DIGEST_METRICS_TOKEN = "a-long-token"
    settings.SECRET_KEY = settings.DIGEST_ADDRESS_HASH_KEY = "canary"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:canary"}

    page = client.get("/metrics", headers=TOKEN).content

    assert b"canary" not in page
    assert b"a-long-token" not in page
