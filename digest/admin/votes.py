"""Readers' votes: looked at, and taken back from whoever stuffs the box."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from digest.admin.evidence import EvidenceMixin, mask_reader
from digest.models import Vote
from digest.reading import voting


@admin.register(Vote)
class VoteAdmin(EvidenceMixin, admin.ModelAdmin[Any]):
    """Every vote, the last first."""

    list_display = ["paper", "reader", "made_at"]
    list_select_related = ["paper", "user"]
    date_hierarchy = "made_at"
    search_fields = ["paper__title", "user__email"]
    show_full_result_count = False
    list_per_page = 50
    actions = ["withdraw"]
    fields = ["paper", "reader", "made_at"]

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        """Asked for the action `withdraw`."""
        return request.user.has_perm("digest.delete_vote")

    @admin.display(description=gettext_lazy("reader"))
    def reader(self, obj: Vote) -> str:
        """Masked, as staff see readers in lists."""
        return mask_reader(obj.user)

    @admin.action(
        description=gettext_lazy("Take back all votes of these readers"),
        permissions=["withdraw"],
    )
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Vote]) -> None:
        """Take them back, and note it at each reader."""
        people = list(User.objects.filter(votes__in=queryset).distinct())
        count = 0
        for person in people:
            taken = voting.withdraw_all(person)
            count += taken
            words = ngettext("{} vote taken back.", "{} votes taken back.", taken)
            self.log_change(request, person, words.format(taken))
        words = ngettext("{} vote taken back.", "{} votes taken back.", count)
        self.message_user(request, words.format(count), messages.SUCCESS)
