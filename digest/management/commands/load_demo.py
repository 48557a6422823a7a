"""What `make run` shows: starter content, sample papers, two demo accounts."""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts import services as accounts
from accounts.models import User
from digest.models import Paper, Pick, Source
from digest.pipeline import ingest, match, plan
from digest.reading import subscriptions
from digest.starter import sample_days
from digest.starter.load import load_holidays, load_sources, load_topics
from digest.starter.roles import CURATORS

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
DEMO_NOTE = gettext_noop("The clearest figure of the week is on its second page.")


class Command(BaseCommand):
    """Runs at each `make run`; on a database with people it only prints where to go."""

    help = "Load the starter content and the demo accounts (this computer only)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Let `make setup` leave out the addresses of what it does not start."""
        parser.add_argument("--quiet", action="store_true", help="print nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load on an empty database; then print the addresses and sign-ins."""
        if not settings.SITE_URL.startswith("http://127.0.0.1:"):
            raise CommandError(_("Demo accounts are for this computer alone."))
        path: Path = settings.VAR_DIR / "demo-sign-in"
        if not User.objects.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(9))
            self._load(path.read_text(), timezone.now())
        if not options["quiet"]:
            self._print(path.read_text() if path.exists() else "")

    @transaction.atomic
    def _load(self, password: str, now: datetime) -> None:
        load_topics()
        load_holidays()
        load_sources(now=now, with_sample=True)
        source = Source.objects.get(kind="sample")
        for document in sample_days():
            ingest.ingest_source(source.pk, now=now, document=document)
        match.match_papers(now=now)
        curator = accounts.make_staff(CURATOR, password, now, is_superuser=False)
        curator.groups.add(Group.objects.get(name=CURATORS))
        newest = Paper.objects.shown().order_by("-announced_on", "-upvotes")[1]
        Pick.objects.create(
            paper=newest, picked_on=now.date(), note=_(DEMO_NOTE), curator=curator
        )
        reader = User.objects.create_user(READER, confirmed_at=now)
        subscriptions.start(
            reader, {"topics": DEMO_TOPICS, "zone": "Europe/Berlin"}, now=now
        )
        plan.plan_welcome(reader.pk, now=now)

    def _print(self, password: str) -> None:
        site = settings.SITE_URL
        lines = [
            (_("Mail that was sent"), f"{site}{reverse('digest:catcher')}"),
            (_("Admin"), f"{site}{reverse('admin:index')}"),
        ]
        if password:
            signin = f"{site}{reverse('account_login')}"
            code = _("the code comes by mail")
            lines += [
                (_("Curator, for the admin"), f"{CURATOR}   {password}"),
                (_("Reader"), f"{READER}   {signin} ({code})"),
            ]
        for label, value in lines:
            self.stdout.write(f"{label:<38} {value}")
