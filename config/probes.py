"""What machines ask: /healthz/live and /healthz/ready.

They are answered before hosts, sessions and languages are looked at, so that a probe
may call this process by any name. Strangers learn the names of failing checks, and
nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.utils import timezone

from digest import health


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


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz/live": live,
    "/healthz/ready": ready,
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
