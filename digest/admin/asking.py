"""The page between an action and its effect: it asks for words, then acts."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import Promise

from digest.admin.page import show_page

MOST_ROWS = 50
"""Most rows one such page takes: more would not be looked at one by one."""


class AskForm(forms.Form):
    """What an action asks. A subclass names the action and words its page."""

    action: ClassVar[str]
    title: ClassVar[str | Promise]
    button: ClassVar[str | Promise]
    names_rows: ClassVar[bool] = False
    """Whether the fields name the chosen rows, so that no list is needed."""


def answers(request: HttpRequest) -> dict[str, Any] | None:
    """The form's answers, or None when the action was only just chosen."""
    return request.POST.dict() if "answered" in request.POST else None


def ask(
    model_admin: ModelAdmin[Any],
    request: HttpRequest,
    form: AskForm,
    chosen: Iterable[Model],
) -> TemplateResponse:
    """Show the form; its answer comes back to the same action with the same rows."""
    context = {
        "title": form.title,
        "form": form,
        "chosen": chosen,
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return show_page(model_admin, request, "admin/digest/ask.html", context)
