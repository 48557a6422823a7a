"""Where mail providers report: anymail's tracking addresses, behind a guard of ours.

Without the secret, 400, and 429 after many of those; a body over the cap, 413; a body
that nobody can read, 400. Nothing of these is stored. Inbound mail has no address here.
"""

from typing import Any

from anymail.exceptions import (
    AnymailImproperlyInstalled,
    AnymailWebhookValidationFailure,
)
from anymail.urls import urlpatterns as anymail_patterns
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from config import refused

LARGEST_BODY = 1_000_000

UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What anymail raises where a body has not the form that the provider documents."""


class Guard(View):
    """Stands before one of anymail's views."""

    def __init__(self, **kwargs: Any) -> None:
        """A provider whose library is not installed has no address here."""
        try:
            super().__init__(**kwargs)
        except AnymailImproperlyInstalled as error:
            raise Http404("The provider's library is not installed.") from error

    @method_decorator(csrf_exempt)
    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Turn away who forged before, and a body that is larger than any report."""
        if refused.is_turned_away(request):
            return HttpResponse(status=429, headers={"Retry-After": refused.SECONDS})
        length = str(request.META.get("CONTENT_LENGTH", ""))
        if length.isdecimal() and int(length) > LARGEST_BODY:
            return HttpResponse(status=413)
        try:
            return super().dispatch(request, *args, **kwargs)
        except AnymailWebhookValidationFailure:
            refused.note(request)
            raise

    def parse_events(self, request: HttpRequest) -> Any:
        """Read the body; one that cannot be read is the sender's fault (400).

        What fails later is ours (500), and the provider reports again.
        """
        try:
            return super().parse_events(request)  # type: ignore[misc]
        except UNREADABLE as error:
            raise SuspiciousOperation("The report cannot be read.") from error


def _guard(pattern: URLPattern) -> URLPattern:
    view = pattern.callback.view_class  # type: ignore[attr-defined]
    guarded: type[View] = type(view.__name__, (Guard, view), {})
    return path(str(pattern.pattern), guarded.as_view(), name=pattern.name)


app_name = "anymail"
urlpatterns = [
    _guard(pattern)
    for pattern in anymail_patterns
    if "inbound" not in str(pattern.pattern)
]
