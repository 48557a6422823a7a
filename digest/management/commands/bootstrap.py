"""First steps of a production system: an administrator, and the starter content."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import AddressError
from digest import links
from digest.starter.load import load_holidays, load_sources, load_topics


class Command(BaseCommand):
    """Run it once after `migrate`; run again, it adds only what is missing."""

    help = "Make the first administrator, starter topics, sources and arXiv's holidays."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the administrator's address."""
        parser.add_argument("email", help="address of the first administrator")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing and say what was made."""
        try:
            user = accounts.make_staff(options["email"], None, timezone.now())
        except AddressError as error:
            raise CommandError(str(error)) from error
        topics = load_topics()
        sources = load_sources(now=timezone.now(), with_sample=False)
        holidays = load_holidays()
        self.stdout.write(
            _(
                "Administrator {email}, {topics} new topics, {sources} new sources, "
                "{holidays} new holidays.\n"
                "Sign in at {admin} with the code that is mailed to you, then set up "
                "an authenticator app."
            ).format(
                email=user.email,
                topics=topics,
                sources=sources,
                holidays=holidays,
                admin=links.absolute(reverse("admin:index")),
            )
        )
