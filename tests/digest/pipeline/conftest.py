"""Settings of one test that point at a mail server on loopback."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.digest.pipeline.postmark import SECRET
from tests.digest.transports.providers import choose_provider

PointAt = Callable[[int], None]


@pytest.fixture
def point_at(settings: Any) -> PointAt:
    """Send by SMTP to a port of this machine, with short waits."""

    def point(port: int) -> None:
        settings.EMAIL_BACKEND = "digest.transports.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.DIGEST_CONNECT_TIMEOUT_SECONDS = 5
        settings.DIGEST_COMMAND_TIMEOUT_SECONDS = 5
        settings.DIGEST_AFTER_DOT_TIMEOUT_SECONDS = 5

    return point


@pytest.fixture
def use(settings: Any) -> Callable[..., None]:
    """Send through a provider whose API is at an address of this machine."""
    return partial(choose_provider, settings)


@pytest.fixture
def postmark(settings: Any) -> None:
    """Postmark is the provider, and knows the webhooks' secret."""
    settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "secret", "WEBHOOK_SECRET": SECRET}
