"""The curator's word that two papers are one work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from digest import curating
from digest.admin.evidence import staff_member
from digest.models import Paper
from digest.pipeline.merges import MergeRefusedError

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Paper]
else:
    Base = object


class SameWork(Base):
    """The action on the list of papers that merges the two that are chosen."""

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Asked for the action `same_work`."""
        return request.user.has_perm("digest.change_merge")

    @admin.action(
        description=gettext_lazy("These are the same work"), permissions=["merge"]
    )
    def same_work(self, request: HttpRequest, queryset: QuerySet[Paper]) -> None:
        """Merge exactly two papers; the merges have the way back."""
        try:
            one, other = queryset[:3]
        except ValueError:
            words = _("Choose exactly two papers.")
            self.message_user(request, words, messages.ERROR)
            return
        seat = curating.seat_of(one, staff_member(request), timezone.now())
        try:
            made = curating.merge(seat, [one.pk, other.pk])
        except MergeRefusedError as error:
            self.message_user(request, str(error), messages.ERROR)
            return
        kept, merged = made.kept, made.merged
        words = _("Is the same work as {other}.")
        self.log_change(request, kept, words.format(other=merged.canonical_id))
        self.log_change(request, merged, words.format(other=kept.canonical_id))
        self.message_user(
            request,
            _(
                "“{merged}” is shown as “{kept}” now. This can be undone at the merges."
            ).format(merged=merged, kept=kept),
            messages.SUCCESS,
        )
