"""Who may read: everybody, or members alone where the site says so."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from accounts.views.private import private_page
from digest.views.reader import current_reader

View = Callable[..., HttpResponseBase]


def reading_page(view: View) -> View:
    """Let GET and HEAD in; where pages are for members, members alone.

    A member is signed in, or came by the link of a mail. Others get a page that
    says so, with the ways in, and status 403. Pages go out packed: the only secret in
    them, the token of forms, is masked anew each time, so that its size tells nothing.
    """

    @require_safe
    @gzip_page
    @wraps(view)
    def wrapped(
        request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        if settings.DIGEST_PAGES == "members":
            if not is_member(request):
                return render(request, "digest/members.html", status=403)
            return never_cache(view)(request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return wrapped


def capability_page(view: View) -> View:
    """A page for whoever has its unguessable address, which must not be passed on."""

    @require_safe
    @wraps(view)
    def wrapped(
        request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        response = private_page(view)(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


def is_member(request: HttpRequest) -> bool:
    """Whether this person is signed in or holds the link of a mail."""
    return request.user.is_authenticated or current_reader(request) is not None
