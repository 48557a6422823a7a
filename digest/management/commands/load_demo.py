"""What `make run` shows: starter content, sample papers, two demo accounts."""

import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import User
from digest import subscriptions
from digest.models import Paper, Pick, Source
from digest.pipeline import ingest, match, plan
from digest.starter import sample_feed
from digest.starter.load import load_sources, load_topics

READER = "reader@example.org"
CURATOR = "curator@example.org"
DEMO_TOPICS = [
    "daily-papers",
    "robotics",
    "computer-vision",
    "language-models",
    "proteins",
    "astrophysics",
]
DEMO_NOTE = "The clearest figure of the week is on its second page."


class Command(BaseCommand):
    """Runs at each `make run`; on a database with people it only prints where to go."""

    help = "Load the starter content and the demo accounts (this computer only)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load on an empty database; then print the addresses and sign-ins."""
        if not settings.SITE_URL.startswith("http://127.0.0.1:"):
            raise CommandError(_("Demo accounts are for this computer alone."))
        passwords_path: Path = settings.VAR_DIR / "demo-sign-in.json"
        if not User.objects.exists():
            passwords = {
                READER: secrets.token_urlsafe(9),
                CURATOR: secrets.token_urlsafe(9),
            }
            self._load(passwords, timezone.now())
            passwords_path.touch(mode=0o600)
            passwords_path.write_text(json.dumps(passwords))
        self._print(json.loads(passwords_path.read_text()))

    def _load(self, passwords: dict[str, str], now: datetime) -> None:
        load_topics()
        load_sources(now=now, with_sample=True)
        source = Source.objects.get(kind="sample")
        ingest.ingest_source(source.pk, now=now, document=sample_feed())
        match.match_papers(now=now)
        curator = accounts.make_staff(CURATOR, passwords[CURATOR], now)
        newest = Paper.objects.shown().order_by("-announced_on", "-upvotes")[1]
        Pick.objects.create(
            paper=newest, picked_on=now.date(), note=DEMO_NOTE, curator=curator
        )
        reader = User.objects.create_user(READER, passwords[READER], confirmed_at=now)
        subscriptions.start(
            reader, {"topics": DEMO_TOPICS, "zone": "Europe/Berlin"}, now=now
        )
        plan.plan_welcome(reader.pk, now=now)

    def _print(self, passwords: dict[str, str]) -> None:
        site = settings.SITE_URL
        lines = [
            (_("Mail that was sent"), f"{site}{reverse('digest:catcher')}"),
            (_("Admin"), f"{site}{reverse('admin:index')}"),
            (_("Reader"), f"{READER}   {passwords[READER]}"),
            (_("Curator"), f"{CURATOR}   {passwords[CURATOR]}"),
        ]
        for label, value in lines:
            self.stdout.write(f"{label:<38} {value}")
