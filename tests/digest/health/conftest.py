"""A broker of the tests' own, and one that is not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from redis import Redis
from redis.exceptions import ConnectionError as BrokerAway

from digest.bench.story.processes import Processes, free_port


@pytest.fixture
def no_broker(settings: Settings) -> None:
    """Nobody listens."""
    settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"


@pytest.fixture
def a_broker(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """The bundled broker, answering."""
    port = free_port()
    settings.CELERY_BROKER_URL = url = f"redis://127.0.0.1:{port}/0"
    processes = Processes({"REDIS_URL": url}, tmp_path / "log")
    processes.start("config.broker")
    with Redis(port=port) as client:
        for _try in range(1_000_000):
            try:
                client.ping()
                break
            except BrokerAway:
                continue
    yield
    processes.stop()
