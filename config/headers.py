"""Headers that Django does not set: no device access, no use by other sites."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PolicyHeaders:
    """Middleware that adds them to every response."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers that the view did not choose itself."""
        response = self._get_response(request)
        for name, value in HEADERS.items():
            response.setdefault(name, value)
        return response
