"""What a curated topic would have sent, tried as it is typed; nothing is saved."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from digest import tex
from digest.admin.page import show_page
from digest.admin.topic_form import examples_field
from digest.forms.asking import AskingMixin, strictness_field
from digest.models import Topic
from digest.pipeline.match.backtest import back_test
from digest.pipeline.render import reason, volume


class TrialForm(AskingMixin):
    """What a topic asks for, without its name."""

    wish = forms.CharField(
        label=gettext_lazy("In plain words"), max_length=2000, required=False
    )
    query = forms.CharField(
        label=gettext_lazy("Query"), max_length=2000, required=False
    )
    strictness = strictness_field()
    examples = examples_field()

    def clean(self) -> dict[str, Any]:
        """There is something to try."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.take_words_of_examples(cleaned)
        self.require_asking(cleaned)
        return cleaned


def pages(model_admin: ModelAdmin[Topic]) -> list[URLPattern]:
    """The page's address, inside the admin of topics."""
    view = require_POST(partial(try_topic, model_admin))
    return [
        path("try/", model_admin.admin_site.admin_view(view), name="digest_topic_try")
    ]


def try_topic(model_admin: ModelAdmin[Topic], request: HttpRequest) -> HttpResponseBase:
    """The volume at each setting, and the best papers with their reasons."""
    is_allowed = model_admin.has_add_permission(request)
    if not (is_allowed or model_admin.has_change_permission(request)):
        raise PermissionDenied
    form = TrialForm(request.POST)
    context = {
        "title": _("What it would have sent"),
        "form": form,
        **(_found(form.cleaned_data) if form.is_valid() else {}),
    }
    return show_page(model_admin, request, "admin/digest/topic/try.html", context)


def _found(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What matching itself answers, as the page shows it."""
    chosen = typed["strictness"]
    found = back_test(
        typed["query"],
        typed["wish"],
        now=timezone.now(),
        strictness=chosen,
        liked=typed["examples"],
    )
    return {
        "summary": volume.sentence(found),
        "steps": volume.steps(found, chosen),
        "papers": [
            {
                "title": tex.to_unicode(one.paper.title),
                "url": one.paper.get_absolute_url(),
                "day": one.paper.announced_on,
                "why": reason.as_html(one.evidence_rows),
            }
            for one in found.papers
        ],
        "more": found.count - len(found.papers),
    }
