"""One's own account: see it, move it to another address, take it away, end it."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required, login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts import services, tasks
from accounts.addresses import mask
from accounts.forms import AddressChangeForm, EraseForm
from accounts.views.private import (
    fresh_signin_required,
    private_page,
    signed_in,
    token_page,
)

page = require_http_methods(["GET", "HEAD", "POST"])


def _posted(request: HttpRequest) -> QueryDict | None:
    # A form of unticked boxes posts nothing, and is posted all the same.
    return request.POST if request.method == "POST" else None


@private_page
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Say which address is signed in, and what can be done with it."""
    masked = mask(signed_in(request).email)
    return render(request, "accounts/account.html", {"masked": masked})


@fresh_signin_required
@page
def change_address(request: HttpRequest) -> HttpResponse:
    """Ask for the new address; the answer is the same for every address."""
    form = AddressChangeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        services.request_address_change(
            signed_in(request), form.cleaned_data["email"], timezone.now()
        )
        tasks.wake()
        return redirect("accounts:address_asked")
    return render(request, "accounts/change_address.html", {"form": form})


@private_page
@login_required
@require_safe
def address_asked(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way to the new address."""
    return render(request, "accounts/address_asked.html")


@token_page
@page
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button to whoever has the mail at the new address; the button moves."""
    now = timezone.now()
    if request.method == "POST":
        user = services.confirm_address_change(token, now)
        if user is not None:
            tasks.wake()
            context = {"masked": mask(user.email)}
            return render(request, "accounts/address_changed.html", context)
    change = services.find_address_change(token, now)
    if change is None:
        return render(request, "accounts/link_over.html", status=410)
    context = {"masked": mask(change.email)}
    return render(request, "accounts/confirm_address.html", context)


@fresh_signin_required
@require_safe
def export(request: HttpRequest) -> JsonResponse:
    """Hand out everything held about the person, as one JSON file."""
    response = JsonResponse(
        services.export_user(signed_in(request)),
        encoder=DjangoJSONEncoder,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@fresh_signin_required
@page
def erase(request: HttpRequest) -> HttpResponse:
    """Ask once more, then erase the person and sign out."""
    form = EraseForm(_posted(request))
    user = signed_in(request)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["never_mail"]:
            services.erase_and_never_mail(user, timezone.now())
        else:
            services.erase_user(user, timezone.now())
        logout(request)
        return redirect("accounts:erased")
    context = {"form": form, "masked": mask(user.email)}
    return render(request, "accounts/erase.html", context)


@login_not_required
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    """Say that nothing is left."""
    return render(request, "accounts/erased.html")
