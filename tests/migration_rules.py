"""What docs/migrations.md asks of a migration, as far as its operations show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

NAMED = re.compile(r"\d{4}_[a-z][a-z0-9_]{3,}")

REMOVING = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
)
LARGE = frozenset(
    {
        *("digestitem", "digest", "delivery", "attempt", "deliveryevent", "match"),
        *("fragment", "edition", "paperwords", "searchentry"),
    }
)
"""Tables that grow with readers and papers."""


def about_every_one(migration: migrations.Migration) -> Iterator[str]:
    """Rules that hold from the beginning."""
    if not NAMED.fullmatch(migration.name) or "auto" in migration.name.split("_"):
        yield "its name does not say what changes"
    if migration.replaces or len(_own_parents(migration)) > 1:
        yield "the numbers are no line"
    data = [op for op in migration.operations if _is_data(op)]
    if any(not op.reversible for op in data):
        yield "its data has no way back"


def about_later_ones(
    migration: migrations.Migration, *, leaves: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Rules since there are systems that must not stop.

    `leaves`: what the release before stopped using, as "model.field" or "model".
    """
    data = [op for op in migration.operations if _is_data(op)]
    if data and len(data) < len(migration.operations):
        yield "data and tables are in one file"
    for op in migration.operations:
        if isinstance(op, REMOVING) and _name(op) not in leaves:
            yield f"{_name(op)} may still be used by the code before"
        if isinstance(op, migrations.AddField) and not _may_be_left_out(op.field):
            yield f"{_name(op)} has no value where the code before adds a row"
        if isinstance(op, migrations.AddIndex) and _locks(op):
            yield f"the index on {op.model_name.lower()} locks a large table"


def _locks(op: migrations.AddIndex) -> bool:
    is_patient = isinstance(op, AddIndexConcurrently)
    return not is_patient and op.model_name.lower() in LARGE


def _own_parents(migration: migrations.Migration) -> list[tuple[str, str]]:
    return [each for each in migration.dependencies if each[0] == migration.app_label]


def _is_data(op: Operation) -> bool:
    return isinstance(op, migrations.RunPython | migrations.RunSQL)


def _may_be_left_out(field: models.Field[object, object]) -> bool:
    return (
        field.null or field.many_to_many or field.db_default is not models.NOT_PROVIDED
    )


def _name(op: Operation) -> str:
    model = str(getattr(op, "model_name", "") or getattr(op, "name", "")).lower()
    if isinstance(op, migrations.RenameModel):
        return op.old_name_lower
    if isinstance(op, migrations.RenameField):
        return f"{model}.{op.old_name_lower}"
    field = str(getattr(op, "name", "")).lower() if hasattr(op, "model_name") else ""
    return f"{model}.{field}" if field else model
