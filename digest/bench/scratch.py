"""A new database beside the configured one, with all tables; gone afterwards."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection


@contextmanager
def scratch_database() -> Iterator[None]:
    """Let the connection speak to an empty database, whatever is configured."""
    configured = connection.settings_dict["NAME"]
    with tempfile.TemporaryDirectory(prefix="paperboy-bench-") as folder:
        name = f"paperboy_bench_{secrets.token_hex(4)}"
        is_file = connection.vendor == "sqlite"
        connection.settings_dict["TEST"]["NAME"] = (
            str(Path(folder) / name) if is_file else name
        )
        connection.creation.create_test_db(verbosity=0, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(configured, verbosity=0)
