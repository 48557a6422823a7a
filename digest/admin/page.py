"""A page of the admin that is no list and no form of one row.

It has the admin's frame, with the trail of the model that it belongs to.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest
from django.template.response import TemplateResponse


def show_page(
    model_admin: ModelAdmin[Any],
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = HTTPStatus.OK,
) -> TemplateResponse:
    """The page of a template that extends `admin/digest/page.html`.

    `context` has the `title` beside what the template itself wants.
    """
    values = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        **context,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, template, values, status=status)
