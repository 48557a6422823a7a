"""Rows that are evidence: looked at by staff, changed by the service alone."""

# ruff: noqa: ARG002 - Django fixes the signatures

from typing import Any, ClassVar

from django.http import HttpRequest

from accounts.addresses import mask
from accounts.models import User

NOTHING = "—"


class EvidenceMixin:
    """Look, but neither add, change nor delete, whatever permissions one has."""

    fields: ClassVar[Any]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows come from the pipeline."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are shown as text."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What happened stays written down."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """All of them: columns of the table and words made from it."""
        return list(self.fields)


def mask_reader(user: User | None) -> str:
    """A reader as staff see one in lists: masked; a dash when erased."""
    return mask(user.email) if user else NOTHING


def staff_member(request: HttpRequest) -> User:
    """The person at the desk; the admin lets nobody else in."""
    if not isinstance(request.user, User):
        raise TypeError("An admin page was reached without signing in.")
    return request.user
