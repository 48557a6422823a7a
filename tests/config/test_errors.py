"""Sentry hears what went wrong, and nothing of whom it happened to."""

import gzip
import os
import subprocess
import sys

from config.errors import scrub
from digest.bench.loopback import LoopbackServer, QuietHandler
from digest.bench.story.processes import free_port
from tests.deploy_check import PRODUCTION

CODE = """
import django; django.setup()
import sentry_sdk
from django.test import RequestFactory
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
import config.urls

@csrf_exempt
def broken(request, token):
    password = "hunter2"
    raise RuntimeError("No way to ada@example.org for " + request.path)

# The page of errors needs static files, which are not collected here.
config.urls.handler500 = lambda request: HttpResponse(status=500)
config.urls.urlpatterns.insert(0, path("u/<str:token>", broken))
environ = RequestFactory().post(
    "/u/opensesame?email=ada%40example.org",
    {"secret": "in the body"},
    headers={"cookie": "sessionid=biscuit", "host": "papers.example.org"},
    secure=True,
).environ
WSGIHandler()(environ, lambda *answer: None)
sentry_sdk.flush()
"""


def tell(**environment: str) -> subprocess.CompletedProcess[str]:
    """Let a page fail in production."""
    return subprocess.run(
        [sys.executable, "-c", CODE],
        env={**os.environ, **PRODUCTION, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_event_has_the_error_and_nothing_of_a_person() -> None:
    bodies: list[str] = []

    class Sentry(QuietHandler):
        def do_POST(self) -> None:  # noqa: N802  the server's name
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                raw = gzip.decompress(raw)
            bodies.append(raw.decode())
            self.reply(200, {}, b"{}")

    port = free_port()
    server = LoopbackServer(Sentry, port)
    try:
        done = tell(SENTRY_DSN=f"http://key@127.0.0.1:{port}/1")
    finally:
        server.stop()

    told = "\n".join(bodies)
    assert "RuntimeError" in told, done.stderr
    assert "/u/\\u2026" in told or "/u/…" in told
    for private in ("ada", "opensesame", "hunter2", "biscuit", "in the body"):
        assert private not in told


def test_nothing_is_told_unless_it_is_set_up() -> None:
    code = "import django, sys; django.setup(); print('sentry_sdk' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **PRODUCTION},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "False"


def test_a_red_probe_is_no_error_of_the_code() -> None:
    event = {"request": {"url": "https://papers.example.org/healthz/ready"}}

    assert scrub(event, {}) is None
