"""What surrounds the processes fails or changes: their log, their tables."""

from pathlib import Path

import pytest

from tests.queue.conftest import Service

pytestmark = pytest.mark.queue

FULL = Path("/dev/full")
"""Takes nothing: each write ends as on a full disk."""


def send_three(service: Service) -> None:
    """Have three readers get their mail, and nobody a second one."""
    service.start_broker()
    service.start_worker()
    service.start_beat()
    service.wait_until(lambda: service.states() == ["accepted"] * 3, "all accepted")
    service.wait_for_sweeps(2)
    assert sorted(service.inbox.recipients) == [
        f"reader{number}@example.org" for number in range(3)
    ]


def test_sending_goes_on_where_nothing_can_be_logged(tmp_path: Path) -> None:
    """Each process prints something when it starts, and a lost source is a warning."""
    service = Service(tmp_path, None, log=FULL)
    try:
        service.prepare(3)
        service.add_silent_source(hours=100)
        send_three(service)
    finally:
        service.stop()


def test_the_code_of_before_goes_on_where_the_next_release_has_added_to_the_tables(
    service: Service,
) -> None:
    """Upgrades migrate first: until they are restarted, old processes meet new tables.

    Every table of ours gets what a migration may bring: a column that may be empty, one
    with a default, an index; and there is a table that nobody here has heard of.
    """
    service.prepare(3)
    tables = [name for (name,) in service.ask(OURS)]
    assert {"digest_delivery", "digest_digestitem", "accounts_user"} <= set(tables)
    for table in tables:
        service.change(
            f"ALTER TABLE {table} ADD COLUMN later_note text NULL",
            f"ALTER TABLE {table} ADD COLUMN later_count integer NOT NULL DEFAULT 0",
            f"CREATE INDEX later_{table} ON {table} (later_count)",
        )
    service.change(
        "CREATE TABLE digest_later (id integer PRIMARY KEY, delivery_id integer NOT "
        "NULL REFERENCES digest_delivery (id) DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO django_migrations (app, name, applied)"
        " VALUES ('digest', '9999_later', CURRENT_TIMESTAMP)",
    )

    send_three(service)


OURS = (
    "SELECT name FROM sqlite_master WHERE type = 'table'"
    " AND (name GLOB 'digest_*' OR name GLOB 'accounts_*')"
    " AND name NOT GLOB 'digest_lexemes*'"  # the full-text index, which SQLite keeps
)
