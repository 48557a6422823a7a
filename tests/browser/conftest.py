"""A browser that is watched, a clock to turn, and a mail server that keeps all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from accounts import emails
from digest import tasks
from digest.models import Source, Topic
from digest.pipeline import ingest, match, plan
from digest.pipeline.match import search
from digest.starter import sample_feed
from digest.starter.load import load_sources, load_topics
from tests import factories as make
from tests.browser import addresses
from tests.browser.mailbox import Mailbox, html_of
from tests.browser.watch import Watch
from tests.conftest import CHROMIUM
from tests.digest.transports.servers import MailServer

BrowsePage = Callable[..., Page]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds: a machine under load is slow, and not broken.
PATIENCE = 20_000
ADDRESS = "reader@example.net"
NEVER = datetime(2100, 1, 1, tzinfo=UTC)


class Clock:
    """The service's clock. It stands still until a test turns it."""

    def __init__(self) -> None:
        self.now = make.NOW

    def turn(self, **span: int) -> None:
        """Let that much time pass: `turn(hours=1)`."""
        self.now += timedelta(**span)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for these tests. Its event loop is not one that Django runs in."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=ARGUMENTS
            )
            expect.set_options(timeout=PATIENCE)
            yield browser
            browser.close()


@pytest.fixture
def site(live_server: LiveServer, settings: Any) -> str:
    """Address of the running service, as its mails write it too."""
    settings.SITE_URL = live_server.url
    return str(live_server.url)


@pytest.fixture
def browse(chromium: Browser, site: str) -> Iterator[BrowsePage]:
    """Open a browser of one's own, with playwright's options of a context.

    Whatever the pages complain about, and whatever they ask of another host, fails
    the test in the end.
    """
    contexts = []
    watch = Watch(site)

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(base_url=site, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        watch.over(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the service live at `factories.NOW`."""
    made = Clock()
    monkeypatch.setattr(timezone, "now", lambda: made.now)
    return made


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real SMTP server that all mail goes to."""
    server = MailServer()
    server.start()
    settings.EMAIL_BACKEND = "digest.transports.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield Mailbox(server)
    server.stop()


@pytest.fixture
def papers(clock: Clock, site: str) -> None:
    """The starter topics, and the sample papers of the last days."""
    load_topics()
    load_sources(now=clock.now, with_sample=True)
    # No sweep may go out and fetch.
    Source.objects.update(next_fetch_at=NEVER)
    sample = Source.objects.get(kind="sample")
    ingest.ingest_source(sample.pk, now=clock.now, document=sample_feed())
    match.match_papers(now=clock.now)
    search.index_papers()


@pytest.fixture
def mail_folder(settings: Any, tmp_path: Path) -> Path:
    """Where mail is caught, and pages that show it, as in development."""
    settings.EMAIL_BACKEND = "digest.transports.catcher.EmailBackend"
    settings.MAIL_CATCHER_DIR = tmp_path
    settings.ROOT_URLCONF = "tests.digest.views.catcher_urls"
    return tmp_path


@pytest.fixture
def mails(papers: None, mailbox: Mailbox, site: str) -> dict[str, str]:
    """The HTML of a digest with everything in it, and of each other mail."""
    hard_title = addresses.hard_paper().title.partition("-")[0]
    Source.objects.filter(slug="arxiv-biology").update(error="timed out")
    topics = Topic.objects.filter(slug__in=["daily-papers", "robotics"])
    reader = make.make_reader(ADDRESS, *topics, max_papers=8)
    delivery_id = plan.plan_welcome(reader.pk, now=make.NOW)
    assert delivery_id
    tasks.send_one(delivery_id)
    digest = html_of(mailbox.last(ADDRESS))
    for words in (hard_title, "more papers on the web", "did not answer"):
        assert words in digest

    envelope = emails.Envelope(to=ADDRESS, reference="x", at=make.NOW)
    token = "t" * 24
    others = {
        "confirm": emails.confirm_signup(envelope, token),
        "already subscribed": emails.already_subscribed(envelope, token),
        "sign-in code": emails.signin_code(envelope, "ABCD-EFGH"),
        "new address": emails.confirm_address(envelope, token),
        "address changed": emails.address_changed(envelope, "r…r@e…e.net"),
        "invitation": emails.invitation(envelope, token),
        "accepted": emails.accepted(envelope, f"On <b> & more\n{site}/paper/1/"),
        "declined": emails.declined(envelope, "On <b> & more\nWe had it.\nThank you."),
        "note": emails.operator_note(envelope, "Sources are late\narXiv: error 503."),
    }
    return {
        "digest": digest,
        **{name: str(mail.alternatives[0][0]) for name, mail in others.items()},
    }
