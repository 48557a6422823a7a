"""Errors told to Sentry: off unless SENTRY_DSN is set, and without anybody's data.

An event holds what went wrong and where in the code; no address, no link that acts, no
cookie, no header, no body of a request, no values of variables.
"""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.logs import mask

PRIVATE = ("cookies", "data", "env", "headers", "query_string")


def start(dsn: str) -> None:
    """Tell errors to the Sentry of this address from now on."""
    try:
        import sentry_sdk  # noqa: PLC0415  an extra, and most have none
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and sentry-sdk is not installed: "
            "pip install --require-hashes -r requirements/sentry.txt"
        ) from error
    sentry_sdk.init(
        dsn=dsn,
        before_send=scrub,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        traces_sample_rate=None,
        send_client_reports=False,
        auto_session_tracking=False,
    )


def scrub(event: Any, _hint: Any) -> Any:
    """Take from an event whatever may be a person's; None drops it.

    A probe that is red is no error of the code.
    """
    request = event.get("request", {})
    if "/healthz/" in str(request.get("url", "")):
        return None
    for name in PRIVATE:
        request.pop(name, None)
    event.pop("user", None)
    return _mask_all(event)


def _mask_all(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _mask_all(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_mask_all(each) for each in value]
    return value
