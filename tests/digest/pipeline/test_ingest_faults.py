"""What goes wrong around an ingest: dead hosts, kills, two at once (F49 to F51)."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digest.models import Paper
from digest.pipeline.ingest import ingest_source
from tests.conftest import NOW
from tests.digest.pipeline.asking import OK, TODAY, feed_server, source_at
from tests.digest.pipeline.documents import Listed, rss
from tests.digest.sources.servers import Answer, FeedServer
from tests.factories import make_source

NEVER = "-1"
ROOT = Path(__file__).resolve().parents[3]
PAPERS = [Listed(f"2604.{number:05d}", f"Paper {number}") for number in range(1, 41)]

# A process of its own: takes a file in, or asks the source's address. With
# `after`, it is killed when it has written that many statements of the transaction.
INGEST = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
import django
django.setup()
from django.db import connection
from digest.models import Source
from digest.pipeline.ingest import ingest_source

now, document = datetime.fromisoformat(sys.argv[1]), sys.argv[2]
after = int(sys.argv[3])
written = 0

def count_and_die(execute, sql, params, many, context):
    global written
    answer = execute(sql, params, many, context)
    written += sql.startswith(("INSERT", "UPDATE"))
    if written == after:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

with connection.execute_wrapper(count_and_die):
    data = Path(document).read_bytes() if document else None
    print(ingest_source(Source.objects.get().pk, now=now, document=data).new_count)
"""
SETUP = """
import sys
import django
django.setup()
from django.core.management import call_command
from tests.conftest import NOW
from tests.factories import make_source
call_command("migrate", verbosity=0)
make_source(address=sys.argv[1], next_fetch_at=NOW)
"""


def start(database: Path, script: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process on that database, which may fetch from this computer."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": f"sqlite:///{database}",
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DIGEST_FETCH_ALLOW_PRIVATE": "1",
        },
        stdout=subprocess.PIPE,
        text=True,
    )


def run(database: Path, script: str, *arguments: str) -> int:
    """Its exit code."""
    with start(database, script, *arguments) as process:
        return process.wait()


def rows_of(database: Path) -> dict[str, list[Any]]:
    """All that an ingest writes."""
    tables = ("digest_paper", "digest_batch", "digest_announcement", "digest_source")
    with sqlite3.connect(database) as connection:
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()  # noqa: S608  names of our own
            for table in tables
        }


@pytest.fixture
def server(settings: Any) -> Iterator[FeedServer]:
    """The feed server of one test."""
    with feed_server(settings) as running:
        yield running


@pytest.mark.django_db
def test_f49_a_dead_host_keeps_no_other_feed_from_its_papers(
    server: FeedServer,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    dead = make_source(address=f"http://127.0.0.1:{port}/rss", next_fetch_at=NOW)
    unknown = make_source(address="http://no-such.invalid/rss", next_fetch_at=NOW)
    alive = source_at(server)

    for source in (dead, unknown, alive):
        ingest_source(source.pk, now=NOW)
        source.refresh_from_db()

    assert "could not be reached" in dead.error
    assert "could not be found" in unknown.error
    assert (alive.error, alive.last_succeeded_at) == ("", NOW)
    assert Paper.objects.count() == 1


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with one source and no papers."""
    database = tmp_path_factory.mktemp("empty") / "paperboy.sqlite3"
    assert run(database, SETUP, "http://127.0.0.1:1/rss") == 0
    return database


def copy_of(empty: Path, folder: Path, name: str) -> Path:
    """Another database with the same rows."""
    return Path(shutil.copy(empty, folder / name))


@pytest.mark.parametrize("after", [1, 2, 3])
def test_f50_an_ingest_that_was_killed_halfway_leaves_nothing_and_runs_again(
    after: int, empty: Path, tmp_path: Path
) -> None:
    document = tmp_path / "feed.xml"
    document.write_bytes(rss(TODAY, *PAPERS))
    calm, killed = (copy_of(empty, tmp_path, name) for name in ("calm", "killed"))
    arguments = (NOW.isoformat(), str(document))
    assert run(calm, INGEST, *arguments, NEVER) == 0

    assert run(killed, INGEST, *arguments, str(after)) == -signal.SIGKILL
    assert rows_of(killed) == rows_of(empty)
    assert run(killed, INGEST, *arguments, NEVER) == 0

    assert rows_of(killed) == rows_of(calm)
    assert len(rows_of(killed)["digest_paper"]) == len(PAPERS)


def test_f51_two_ingests_of_one_feed_at_once_fetch_it_once(
    server: FeedServer, empty: Path, tmp_path: Path
) -> None:
    database = copy_of(empty, tmp_path, "both")
    second: list[int] = []
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE digest_source SET kind = 'feed', address = ?", [f"{server.url}/rss"]
        )

    def answer_while_another_process_comes() -> Answer:
        server.answers["/rss"] = OK
        second.append(run(database, INGEST, NOW.isoformat(), "", NEVER))
        return OK

    server.answers["/rss"] = answer_while_another_process_comes
    assert run(database, INGEST, NOW.isoformat(), "", NEVER) == 0

    assert second == [0]
    assert [path for path, _ in server.asked] == ["/rss"]
    assert {name: len(rows) for name, rows in rows_of(database).items()} == {
        "digest_paper": 1,
        "digest_batch": 1,
        "digest_announcement": 1,
        "digest_source": 1,
    }
