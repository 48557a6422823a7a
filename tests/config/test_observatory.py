"""Every page with production's settings earns an A+ with room to spare."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from digest.models import Topic
from tests.config.observatory import read_policy, score
from tests.deploy_check import PRODUCTION
from tests.factories import (
    make_delivery,
    make_digest,
    make_item,
    make_mark,
    make_match,
    make_paper,
    make_pick,
    make_reader,
    make_source,
    make_subscription,
    make_topic,
    save_paper,
)

pytestmark = pytest.mark.django_db

LEAST = 115
MOST_OF_ONE_KIND = 3
"""Pages that differ by their numbers alone are looked at so often."""

NAMES = r"^(SECURE_|SESSION_COOKIE|CSRF_|X_FRAME|CONTENT_SECURITY|SIGNED_)"
"""What production says of headers and cookies."""

LINK = re.compile(r'(?:href|src)="([^"#]+)"')


@pytest.fixture
def production(settings: Settings) -> None:
    """Production's headers and cookies, whatever the rest of the settings say."""
    code = (
        "import json, re\n"
        "from config.settings import production as p\n"
        f"found = {{n: v for n, v in vars(p).items() if re.match({NAMES!r}, n)}}\n"
        "print(json.dumps(found))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **PRODUCTION},
        capture_output=True,
        text=True,
        check=True,
    )
    for name, value in json.loads(told.stdout).items():
        setattr(settings, name, tuple(value) if name.endswith("_HEADER") else value)


@pytest.fixture
def full(production: None) -> User:
    """A system with something on every page; its reader."""
    topic = make_topic("robotics")
    make_topic("daily-papers", kind=Topic.Kind.DAILY)
    make_source()
    reader = make_reader("reader@example.org", topic)
    own = make_topic("own", owner=reader)
    make_subscription(reader, own)
    digest = make_digest(reader)
    for _ in range(3):
        paper = make_paper()
        make_match(topic, paper)
        make_item(digest, paper, topic)
    make_delivery(digest)
    make_pick(paper)
    make_mark(reader, paper)
    save_paper(reader, paper)
    return reader


def shape(path: str) -> str:
    """The page without what tells it from others of its kind."""
    return re.sub(r"\d[\w.-]*", "0", path)


def walk(client: Client, *starts: str) -> Iterator[tuple[str, HttpResponseBase]]:
    """Every page that links lead to, beginning at `starts`."""
    waiting, seen, kinds = list(starts), set(starts), dict.fromkeys(starts, 1)
    while waiting:
        path = waiting.pop()
        response = client.get(path, secure=True)
        yield path, response
        if not response.get("Content-Type", "").startswith("text/html"):
            continue
        for link in LINK.findall(response.content.decode()):
            target = urldefrag(urljoin(path, link.replace("&amp;", "&")))[0]
            kind = shape(urlsplit(target).path)
            is_own = target.startswith("/") and not target.startswith(
                ("/static/", "//")
            )
            if is_own and target not in seen and kinds.get(kind, 0) < MOST_OF_ONE_KIND:
                kinds[kind] = kinds.get(kind, 0) + 1
                seen.add(target)
                waiting.append(target)


def judge(client: Client, *starts: str) -> dict[str, int]:
    """Walk; the points of each page that was reached. Fails where one is too low."""
    points = {}
    for path, response in walk(client, *starts):
        assert response.status_code < 500, path
        if "sandbox" in read_policy(response.get("Content-Security-Policy", "")):
            # The body of a mail, shut off from the site: it is no page of ours.
            continue
        points[path] = score(response)
    assert {path: at for path, at in points.items() if at < LEAST} == {}
    return points


def test_strangers_pages(full: User) -> None:
    ways = full.schedule
    points = judge(
        Client(),
        *("/", "/search/?q=robots", "/status/", "/account/login/", "/nowhere/"),
        *(f"/u/{ways.unsubscribe_token}", f"/m/{ways.manage_token}/"),
        "/.well-known/security.txt",
    )

    assert len(points) > 20


def test_a_readers_pages(full: User) -> None:
    client = Client()
    client.force_login(full)

    points = judge(client, "/preferences/", "/account/", "/reading-list/")

    assert len(points) > 25


def test_the_admins_pages(full: User) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("boss@example.org"))

    points = judge(client, "/admin/")

    assert sum(path.startswith("/admin/digest/") for path in points) > 30


def test_the_arithmetic_knows_what_is_missing(full: User) -> None:
    response = Client().get("/", secure=True)
    best = score(response)

    del response.headers["Strict-Transport-Security"]
    assert score(response) == 80
    response["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline'"
    assert score(response) == 60
    assert best >= LEAST
