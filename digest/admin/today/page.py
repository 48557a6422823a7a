"""The desk's page: look at a day, act, and come back to where one was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import curating
from digest.admin.evidence import staff_member
from digest.admin.page import show_page
from digest.admin.today import rows
from digest.admin.today.acting import Act, perform
from digest.admin.today.forms import ActForm, LookForm, OrderForm
from digest.curating import CannotError, ChangedError, Seat
from digest.curating.desk import version_of
from digest.models import DeskChange, Pick
from digest.pipeline.merges import MergeRefusedError

PAGE_SIZE = 30
DONE_SHOWN = 30

RIGHTS = {
    "pick": "add_pick",
    "order": "change_pick",
    "unpick": "delete_pick",
    "hide": "add_hiddenpaper",
    "show": "delete_hiddenpaper",
    "merge": "change_merge",
    "decide": "change_submission",
}


def desk(model_admin: ModelAdmin[Any], request: HttpRequest) -> HttpResponseBase:
    """Show the desk of a day; a POST is one act, and leads back to it."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    look = LookForm.read(request)
    if request.method != "POST":
        return _show(model_admin, request, look)
    form = ActForm(request.POST)
    if not form.is_valid():
        for words in form.said():
            model_admin.message_user(request, words, messages.ERROR)
        return _show(model_admin, request, look, status=HTTPStatus.BAD_REQUEST)
    typed = form.cleaned_data
    seat = Seat(
        staff_member(request), look.chosen_day, timezone.now(), typed["version"]
    )
    act = Act(request, model_admin, seat, typed)
    try:
        if typed["do"] == "order":
            return _arrange(look, act)
        perform(typed["do"], act)
    except ChangedError as error:
        return _show(
            model_admin,
            request,
            look,
            against=error.changes,
            status=HTTPStatus.CONFLICT,
        )
    except (CannotError, MergeRefusedError) as error:
        model_admin.message_user(request, str(error), messages.ERROR)
        return _show(model_admin, request, look, status=HTTPStatus.CONFLICT)
    return _back(request, typed["then"])


def _arrange(look: LookForm, act: Act) -> HttpResponseBase:
    """Save places and notes, or show what was typed with what is wrong."""
    if not act.request.user.has_perm("digest.change_pick"):
        raise PermissionDenied
    picks = [
        pick for pick in _picks(look) if f"place_{pick.paper_id}" in act.request.POST
    ]
    form = OrderForm(act.request.POST, picks=picks)
    if not form.is_valid():
        return _show(
            act.model_admin,
            act.request,
            look,
            order=form,
            status=HTTPStatus.BAD_REQUEST,
        )
    words = _("Place {place} on {day}, note: {note}")
    with transaction.atomic():
        for pick in curating.arrange(act.seat, form.wanted()):
            said = words.format(place=pick.position, day=pick.picked_on, note=pick.note)
            act.log(pick.paper, said)
    act.say(_("Order and notes saved."))
    return _back(act.request, None)


def _back(request: HttpRequest, then: int | None) -> HttpResponse:
    """To the same page, at the paper to go on with."""
    anchor = f"#paper-{then}" if then else ""
    return redirect(f"{request.get_full_path()}{anchor}")


def _show(
    model_admin: ModelAdmin[Any],
    request: HttpRequest,
    look: LookForm,
    *,
    order: OrderForm | None = None,
    against: Sequence[DeskChange] = (),
    status: int = HTTPStatus.OK,
) -> TemplateResponse:
    # Read first: what is done while the page is made counts as not seen.
    day, version = look.chosen_day, version_of(look.chosen_day)
    ranked = curating.rank_day(day, look.which, look.cleaned_data.get("topic"))
    page = Paginator(ranked, PAGE_SIZE).get_page(look.cleaned_data.get("page") or 1)
    picks = _picks(look)
    may = {
        name: request.user.has_perm(f"digest.{codename}")
        for name, codename in RIGHTS.items()
    }
    context = {
        "title": _("The day's desk"),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_today": day == timezone.localdate(),
        "version": version,
        "look": look,
        "query": request.GET.urlencode(),
        "page": page,
        "rows": rows.describe(list(page.object_list)),
        "proposals": rows.proposals() if may["decide"] else [],
        "order": order or OrderForm(picks=picks),
        "against": rows.tell(against),
        "typed": _words(request) if status != HTTPStatus.OK else "",
        "done": rows.tell(curating.what_was_done(day, DONE_SHOWN)),
        "readers_view": reverse("digest:day_for_curators", args=[day]),
        "may": may,
    }
    return show_page(
        model_admin, request, "admin/digest/pick/today.html", context, status=status
    )


def _picks(look: LookForm) -> list[Pick]:
    picks = Pick.objects.filter(picked_on=look.chosen_day).select_related("paper")
    return list(picks.order_by("position", "pk"))


def _words(request: HttpRequest) -> str:
    """What was typed and not saved, to be copied."""
    return request.POST.get("note") or request.POST.get("reason") or ""
