"""People, sign-ups, suppressions and invitations in the admin."""

# ruff: noqa: ARG002 - Django fixes the signatures

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services
from accounts.models import Consent, Invitation, Signup, Suppression, User


class ReadOnlyMixin:
    """Look, but change nothing: these rows are evidence or a queue."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows come from the service alone."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are shown as text."""
        return False


class ConsentInline(ReadOnlyMixin, admin.TabularInline):  # type: ignore[type-arg]
    """The proof of consent beside the person."""

    model = Consent
    extra = 0
    can_delete = False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """People. New ones sign up, or come from `services.make_staff`."""

    list_display = ["email", "confirmed_at", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email"]
    ordering = ["email"]
    fields = [
        "email",
        "is_active",
        "is_staff",
        "is_superuser",
        "groups",
        "language",
        "date_joined",
        "confirmed_at",
        "last_login",
    ]
    # An address is changed by its owner only, with a mail to the new one.
    readonly_fields = ["email", "date_joined", "confirmed_at", "last_login"]
    filter_horizontal = ["groups"]
    inlines = [ConsentInline]
    actions = ["end_links"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody is entered by hand: consent comes first."""
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: User | None = None
    ) -> list[str]:
        """Only administrators hand out rights."""
        rights = [] if request.user.is_superuser else ["is_staff", "is_superuser"]
        groups = [] if request.user.is_superuser else ["groups"]
        return [*self.readonly_fields, *rights, *groups]

    def get_deleted_objects(
        self, objs: Sequence[Any] | QuerySet[Any], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Evidence cannot be deleted alone; with its person it goes."""
        shown, counts, _missing_rights, protected = super().get_deleted_objects(
            objs, request
        )
        return shown, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Deleting a person is erasing all that is held about them."""
        services.erase_user(obj, timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Erase each one, as for a single person."""
        for user in queryset:
            services.erase_user(user, timezone.now())

    @admin.action(description=_("End all links sent to the chosen people"))
    def end_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Use it when a digest was forwarded to the wrong people."""
        for user in queryset:
            services.revoke_links(user)
            self.log_change(request, user, _("All links ended."))
        self.message_user(request, _("The links are no longer good."), messages.SUCCESS)


@admin.register(Signup)
class SignupAdmin(ReadOnlyMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Pending sign-ups. Sent but never mailed means: nobody knows if it arrived."""

    list_display = [
        "email",
        "created_at",
        "mails_sent",
        "last_mailed_at",
        "confirmed_at",
        "invited_by",
    ]
    list_select_related = ["invited_by"]
    search_fields = ["email"]
    ordering = ["-created_at"]
    exclude = ["token", "wishes"]


@admin.register(Consent)
class ConsentAdmin(ReadOnlyMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Proof of consent."""

    ordering = ["-confirmed_at"]
    list_display = ["user", "method", "at", "confirmed_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Proof goes with the person only."""
        return False


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyMixin, admin.ModelAdmin):  # type: ignore[type-arg]
    """Addresses (as hashes) that get no mail; deleting a row lifts it."""

    list_display = ["email_hmac", "scope", "reason", "evidence", "at"]
    ordering = ["-at"]
    list_filter = ["scope", "reason"]
    search_fields = ["email_hmac"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        """Find by the address itself, which stands nowhere in the table."""
        if "@" in search_term:
            found = services.find_suppressions(search_term)
            return found.order_by("-at"), False
        return super().get_search_results(request, queryset, search_term)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Invitations: write down for whom, and pass the code on."""

    list_display = ["note", "code", "created_at", "expires_at", "used_at"]
    ordering = ["-created_at"]
    list_filter = ["used_at"]
    fields = ["note", "code", "created_by", "created_at", "expires_at", "used_at"]
    readonly_fields = ["code", "created_by", "created_at", "expires_at", "used_at"]

    def save_model(
        self, request: HttpRequest, obj: Invitation, form: Any, change: Any
    ) -> None:
        """Make the code, or change the note of one that exists."""
        if change:
            obj.save(update_fields=["note"])
            return
        made = services.invite(
            note=obj.note, created_by=_user(request), now=timezone.now()
        )
        obj.pk = made.pk
        obj.refresh_from_db()


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
