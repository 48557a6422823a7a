"""Migrations obey docs/migrations.md: what the code before does not survive shows."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.migration_rules import about_every_one, about_later_ones

RELEASED: dict[str, str] = {}
"""Last migration of each app in the first release: those after it must stop nobody.

Empty until there is one. What a later release has stopped using stands in LEFT.
"""

LEFT: frozenset[str] = frozenset()


def ours() -> list[migrations.Migration]:
    """Every migration of accounts and digest, in their order."""
    loader = MigrationLoader(connection, load=True)
    found = loader.disk_migrations
    return [found[key] for key in sorted(found) if key[0] in {"accounts", "digest"}]


@pytest.mark.django_db
def test_every_migration_is_named_in_line_and_can_go_back() -> None:
    broken = {str(each): list(about_every_one(each)) for each in ours()}

    assert broken
    assert {name: rules for name, rules in broken.items() if rules} == {}


@pytest.mark.django_db
def test_migrations_since_the_first_release_stop_nobody() -> None:
    later = [
        each
        for each in ours()
        if each.app_label in RELEASED and each.name > RELEASED[each.app_label]
    ]

    broken = {str(each): list(about_later_ones(each, leaves=LEFT)) for each in later}
    assert {name: rules for name, rules in broken.items() if rules} == {}


def make(
    *operations: object,
    name: str = "0099_what_changes",
    after: Sequence[tuple[str, str]] = (),
) -> migrations.Migration:
    """A migration of digest."""
    said = {"operations": operations, "dependencies": after}
    migration: migrations.Migration = type("Migration", (migrations.Migration,), said)(
        name, "digest"
    )
    return migration


@pytest.mark.parametrize("name", ["0099_auto_20261125", "0099_x", "ninety_nine"])
def test_a_name_that_says_nothing_is_found(name: str) -> None:
    assert list(about_every_one(make(name=name)))


def test_two_parents_are_no_line() -> None:
    merge = make(after=[("digest", "0001_one"), ("digest", "0002_two")])

    assert list(about_every_one(merge)) == ["the numbers are no line"]


def test_data_needs_a_way_back_and_a_file_of_its_own() -> None:
    def change(apps: object, editor: object) -> None: ...

    both = make(
        migrations.AddField("paper", "seen", models.DateField(null=True)),
        migrations.RunPython(change),
    )

    assert list(about_every_one(both)) == ["its data has no way back"]
    assert list(about_later_ones(both)) == ["data and tables are in one file"]


def test_what_the_code_before_uses_must_stay() -> None:
    gone = make(
        migrations.RemoveField("paper", "seen"),
        migrations.RenameField("paper", "heard", "read"),
        migrations.DeleteModel("Merge"),
    )

    assert len(list(about_later_ones(gone))) == 3
    leaves = frozenset({"paper.seen", "paper.heard", "merge"})
    assert list(about_later_ones(gone, leaves=leaves)) == []


@pytest.mark.parametrize(
    ("field", "is_fine"),
    [
        (models.IntegerField(), False),
        (models.IntegerField(default=0), False),
        (models.IntegerField(null=True), True),
        (models.IntegerField(default=0, db_default=0), True),
    ],
)
def test_a_new_column_needs_a_value_of_the_databases(
    field: models.Field[int, int], *, is_fine: bool
) -> None:
    found = list(about_later_ones(make(migrations.AddField("paper", "rank", field))))

    assert (found == []) is is_fine


def test_an_index_on_a_large_table_must_not_lock_it() -> None:
    index = models.Index(fields=["state"], name="by_state")

    locking = list(about_later_ones(make(migrations.AddIndex("delivery", index))))
    waiting = list(about_later_ones(make(AddIndexConcurrently("delivery", index))))

    assert locking == ["the index on delivery locks a large table"]
    assert waiting == []
