"""Every address of the service, and one more: Django's least view, as a measure."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def hello(_request: HttpRequest) -> HttpResponse:
    """Say hello, behind the same middleware as every page."""
    return HttpResponse("hello")


urlpatterns = [
    path("bench/hello/", hello),
    path("", include("config.urls")),
]
