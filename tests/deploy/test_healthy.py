"""deploy/healthy.py: alive or not, told by its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from digest.bench.loopback import LoopbackServer, QuietHandler
from digest.bench.story.processes import free_port
from tests.deploy.files import DEPLOY


def ask(what: str, **environment: str) -> int:
    """The exit code for a process in that environment."""
    command = [sys.executable, str(DEPLOY / "healthy.py"), what]
    return subprocess.run(command, env=environment, check=False).returncode


def test_the_web_process_is_asked_as_a_proxy_asks() -> None:
    asked = []

    class Pages(QuietHandler):
        def do_GET(self) -> None:  # noqa: N802  its caller fixes the name
            names = ("Host", "X-Forwarded-Proto")
            asked.append((self.path, *(self.headers[name] for name in names)))
            self.reply(200, {}, b"")

    port = free_port()
    server = LoopbackServer(Pages, port)
    try:
        code = ask("web", PORT=str(port), SITE_URL="https://papers.example.org")
    finally:
        server.stop()

    assert code == 0
    assert asked == [("/healthz/live", "papers.example.org", "https")]


def test_a_web_process_that_does_not_answer_is_dead() -> None:
    assert ask("web", PORT=str(free_port()), SITE_URL="https://papers.example.org") == 1


def test_beat_lives_while_it_writes_its_schedule_down(tmp_path: Path) -> None:
    assert ask("beat", VAR_DIR=str(tmp_path)) == 1
    schedule = tmp_path / "beat-schedule"
    schedule.touch()
    assert ask("beat", VAR_DIR=str(tmp_path)) == 0

    old = time.time() - 3600
    os.utime(schedule, (old, old))

    assert ask("beat", VAR_DIR=str(tmp_path)) == 1
