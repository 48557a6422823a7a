"""/healthz/ready turns red within three intervals of whatever broke, and names it."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.bench.postgres import PostgresServer, find_postgres
from tests.queue.conftest import Service

pytestmark = pytest.mark.queue

INTERVAL = 4
WITHIN = 3 * INTERVAL

CALM = {"DIGEST_SWEEP_SECONDS": str(INTERVAL)}


@pytest.fixture
def calm(tmp_path: Path) -> Iterator[Service]:
    """A service on SQLite whose sweep comes at the interval of these tests."""
    service = Service(tmp_path, None, None, **CALM)
    yield service
    service.stop()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 60 MB of its own."""
    if os.geteuid() != 0:
        pytest.skip("root: mounts a small file system")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=60m", "x", place], check=True)
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def start(service: Service) -> dict[str, subprocess.Popen[bytes]]:
    """All processes of a production, once all of them are well."""
    service.start_broker()
    processes = {
        "worker": service.start_worker("digest"),
        "transactional": service.start_worker("transactional"),
        "beat": service.start_beat(),
    }
    service.start_web()
    service.wait_until(lambda: service.failing() == [], "all is well")
    return processes


def test_each_process_that_dies_is_named(calm: Service) -> None:
    calm.prepare(0)
    processes = start(calm)

    dead: list[str] = []
    for name in ("beat", "worker", "transactional"):
        calm.kill(processes[name])
        dead.append(name)
        calm.wait_until(
            lambda: calm.failing() == dead, f"{dead} are red", within=WITHIN
        )


def test_a_broker_that_dies_is_named_and_nobody_else_is_blamed(calm: Service) -> None:
    calm.prepare(0)
    start(calm)

    calm.kill(calm.broker_process)

    calm.wait_until(lambda: calm.failing() == ["broker"], "it is red", within=WITHIN)


def test_a_source_that_answers_nothing_is_late(calm: Service) -> None:
    calm.prepare(0)
    start(calm)

    calm.add_silent_source(hours=8)

    calm.wait_until(lambda: calm.failing() == ["sources"], "it is red", within=WITHIN)


def test_digests_in_doubt_are_told(calm: Service) -> None:
    calm.inbox.is_stuck = True
    calm.prepare(1)
    processes = start(calm)
    calm.wait_until(calm.inbox.at_the_dot.is_set, "the whole mail has left")

    calm.kill(processes["worker"])
    calm.start_worker("digest")

    calm.wait_until(lambda: calm.states() == ["uncertain"], "it is in doubt")
    calm.wait_until(
        lambda: "uncertain" in (calm.failing() or []), "it is red", within=WITHIN
    )


def test_a_missing_webhook_secret_is_told(tmp_path: Path) -> None:
    service = Service(tmp_path, None, None, **CALM, EMAIL_PROVIDER="postmark")
    try:
        service.prepare(0)
        service.start_web()
        service.wait_until(lambda: "webhook" in (service.failing() or []), "it is red")
    finally:
        service.stop()


def test_a_full_disk_is_told(small_disk: Path) -> None:
    service = Service(small_disk, None, None, **CALM, DIGEST_LEAST_FREE_MB="10")
    try:
        service.prepare(0)
        start(service)
        with (small_disk / "full").open("wb") as file:
            file.write(bytes(52_000_000))

        service.wait_until(
            lambda: service.failing() == ["disk"], "it is red", within=WITHIN
        )
    finally:
        service.stop()


def test_a_postgresql_that_takes_no_writes_is_told(tmp_path: Path) -> None:
    if find_postgres() is None:
        pytest.skip("PostgreSQL: apt-get install postgresql")
    with PostgresServer() as server:
        service = Service(tmp_path, None, None, **CALM, DATABASE_URL=server.url)
        try:
            service.prepare(0)
            start(service)
            server.make_read_only()

            service.wait_until(
                lambda: service.failing() == ["database"], "it is red", within=WITHIN
            )
        finally:
            service.stop()
