"""The roles of staff: groups whose permissions the release says, made at each migrate.

A role is exactly what stands here: what an earlier release gave and this one does not
is taken away, and so is what somebody added by hand. Who wants another mixture makes a
group of their own beside these; no role is ever given to anybody by this module.

Not a data migration: Django makes the permissions of a release's tables only after all
migrations have run, and a role must follow every later table, too. So `make_roles` runs
after each `migrate`, and running it again changes nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

CURATORS, OPERATORS, OBSERVERS = "Curators", "Operators", "Observers"

EDITS = ("pick", "hiddenpaper", "topic")
LOOKS = (
    "paper",
    "paperevent",
    "merge",
    "deskchange",
    "submission",
    "source",
    "batch",
    "digest",
    "delivery",
    "heartbeat",
    "holiday",
)
_ALL = ("add", "change", "delete", "view")


def _named(acts: Iterable[str], *models: str) -> Q:
    """Permissions by act and table: `digest.pick`."""
    found = Q(pk__in=[])
    for model in models:
        label, name = model.split(".")
        codenames = [f"{act}_{name}" for act in acts]
        found |= Q(content_type__app_label=label, codename__in=codenames)
    return found


LOOK_AT_EVERYTHING = Q(content_type__app_label="digest", codename__startswith="view_")
"""Every table of digests; of people only what is masked there."""

ROLES: dict[str, Q] = {
    CURATORS: (
        _named(("add", "change", "view"), *(f"digest.{name}" for name in EDITS))
        | _named(("delete",), "digest.pick", "digest.hiddenpaper")
        | _named(("change",), "digest.merge", "digest.submission")
        | _named(("view",), *(f"digest.{name}" for name in LOOKS))
    ),
    OPERATORS: (
        LOOK_AT_EVERYTHING
        | _named(("change",), "digest.delivery")
        | _named(("add", "change"), "digest.sendinghold", "digest.source")
        | _named(_ALL, "digest.holiday")
        | _named(("view",), "accounts.user", "accounts.consent", "admin.logentry")
        | _named(("add", "view"), "accounts.signup")
        | _named(("add", "change", "view"), "accounts.invitation")
        | _named(("delete", "view"), "accounts.suppression")
    ),
    OBSERVERS: LOOK_AT_EVERYTHING,
}
"""What each role may. Deleting people and handing out rights is the superusers'."""


def make_roles(**_kwargs: Any) -> None:
    """Make the groups, and give each what `ROLES` says; again is harmless.

    Also a receiver of `post_migrate`: the permissions of some tables may be still to
    come then, so they are made first.
    """
    for label in ("accounts", "admin", "digest"):
        create_permissions(apps.get_app_config(label), verbosity=0)
    for name, permissions in ROLES.items():
        group, _is_new = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(permissions))
