"""What machines ask: /healthz/live, /healthz/ready and /metrics.

They are answered before hosts, sessions and languages are looked at, so that a probe
may call this process by any name. Of its health strangers learn the names of failing
checks and nothing else; its metrics they never see.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from digest import health
from digest.health import metrics as numbers


def live(_request: HttpRequest) -> HttpResponse:
    """This process answers; whatever else is broken, a restart would not mend it."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def ready(_request: HttpRequest) -> HttpResponse:
    """200 if the whole service works, else 503 with the names of what does not."""
    found = health.run(health.READY, timezone.now())
    failing = [
        name
        for name, finding in found.items()
        if finding.verdict == health.Verdict.FAIL
    ]
    status = 503 if failing else 200
    return JsonResponse({"ready": not failing, "failing": failing}, status=status)


def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus; to others, and unless it is set up, no such page."""
    if not _may_scrape(request):
        return HttpResponse(status=404)
    page = numbers.expose(timezone.now())
    return HttpResponse(page, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _may_scrape(request: HttpRequest) -> bool:
    """By the token, or from a network that the settings name."""
    token = settings.DIGEST_METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and constant_time_compare(given, f"Bearer {token}"):
        return True
    networks = settings.DIGEST_METRICS_NETWORKS
    if not networks:
        return False
    try:
        client = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (ImproperlyConfigured, PermissionDenied, ValueError):
        return False
    return any(client in ipaddress.ip_network(network) for network in networks)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz/live": live,
    "/healthz/ready": ready,
    "/metrics": metrics,
}


class Probes:
    """Middleware that answers them; GET and HEAD alone, and never from a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what answers everything else."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe, or pass the request on."""
        probe = PROBES.get(request.path)
        if probe is None:
            return self._get_response(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = probe(request)
        response["Cache-Control"] = "no-store"
        return response
