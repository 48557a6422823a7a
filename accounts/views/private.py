"""Who may see a page: `fresh_signin_required`, and headers of pages with secrets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core import ratelimit
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required, login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.addresses import mask
from accounts.models import User

View = Callable[..., HttpResponseBase]
FRESH_FOR = timedelta(minutes=10)


def private_page(view: View) -> View:
    """Keep a page out of caches and search engines."""

    @wraps(view)
    def wrapped(
        request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        response = never_cache(view)(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


def token_page(view: View) -> View:
    """Serve a link that is its own permission: the token must not leave the address.

    Such a page sends no Referer, so a browser posts its forms with `Origin: null`,
    which Django's CSRF check refuses. The check is left out here and nothing is lost:
    who can forge the request knows the token, and needs no forgery.
    """

    @wraps(view)
    def wrapped(
        request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        response = private_page(view)(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return login_not_required(csrf_exempt(wrapped))


def fresh_signin_required(view: View) -> View:
    """Let only those in who typed an e-mailed code within the last ten minutes.

    Others sign in, or ask for a new code, and come back to the page.
    """

    @wraps(view)
    def wrapped(
        request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not is_signin_fresh(request):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('accounts:prove')}?{query}")
        return view(request, *args, **kwargs)

    return private_page(wrapped)


def is_signin_fresh(request: HttpRequest) -> bool:
    """Tell whether this session typed an e-mailed code in the last ten minutes."""
    oldest = (timezone.now() - FRESH_FOR).timestamp()
    records = get_authentication_records(request, request.user)
    return any(
        record.get("method") == "code" and record.get("at", 0) >= oldest
        for record in records
    )


@private_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: HttpRequest) -> HttpResponse:
    """Offer to send a code to one's own address; the button sends it.

    The session ends first, so that only the code leads on.
    """
    user = signed_in(request)
    following = _safe_next(request)
    if request.method != "POST":
        context = {"masked": mask(user.email), "next": following}
        return render(request, "accounts/prove.html", context)
    if not ratelimit.consume(request, action="request_login_code", key=user.email):
        return render(request, "accounts/too_many.html", status=429)
    logout(request)
    LoginCodeVerificationProcess.initiate(request=request, user=user, email=user.email)
    query = urlencode({"next": following})
    return redirect(f"{reverse('account_confirm_login_code')}?{query}")


def signed_in(request: HttpRequest) -> User:
    """Return the person of a request that passed a sign-in check."""
    if not isinstance(request.user, User):
        raise TypeError("The view must be behind a sign-in check.")
    return request.user


def _safe_next(request: HttpRequest) -> str:
    following = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(following, allowed_hosts=None):
        return following
    return reverse("accounts:account")
