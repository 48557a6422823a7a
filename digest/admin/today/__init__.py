"""The desk of a day: candidates to pick from, the picks in order, what readers see.

Plain forms do everything; a script adds keys and dragging. Each form says which version
of the desk it shows, and `digest.curating` refuses what would overwrite others' work.
"""

from functools import partial
from typing import Any

from django.contrib.admin import ModelAdmin
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from digest.admin.today import page


def pages(model_admin: ModelAdmin[Any]) -> list[URLPattern]:
    """The desk's address, inside the admin of picks."""
    view = require_http_methods(["GET", "HEAD", "POST"])(
        partial(page.desk, model_admin)
    )
    return [
        path("today/", model_admin.admin_site.admin_view(view), name="digest_today")
    ]
