"""The curators' group: who is in it picks, hides, merges, edits topics, and looks."""

from django.contrib.auth.models import Group, Permission

CURATORS = "Curators"

EDITS = ("pick", "hiddenpaper", "topic")
LOOKS = (
    "paper",
    "paperevent",
    "merge",
    "submission",
    "source",
    "batch",
    "digest",
    "delivery",
    "heartbeat",
    "holiday",
)


def make_curators() -> Group:
    """The group with its permissions; again is harmless."""
    group, _is_new = Group.objects.get_or_create(name=CURATORS)
    codenames = [f"{act}_{name}" for name in EDITS for act in ("add", "change", "view")]
    codenames += [f"delete_{name}" for name in ("pick", "hiddenpaper")]
    codenames += ["change_merge", "change_submission"]
    codenames += [f"view_{name}" for name in LOOKS]
    group.permissions.set(
        Permission.objects.filter(
            content_type__app_label="digest", codename__in=codenames
        )
    )
    return group
