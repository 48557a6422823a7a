"""Embeds every paper that waits for it, with a progress bar.

The workers do the same in the background; this is for whoever switches matching by
meaning on, or changes its model, and wants to see it done.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from digest.pipeline import embed


class Command(BaseCommand):
    """Can be stopped and run again: what is done stays done."""

    help = "Give every paper its vector of the model in DIGEST_MODEL_DIR."

    def handle(self, *args: Any, **options: Any) -> None:
        """Embed batch after batch; the last line sums up."""
        encoder = embed.find_encoder()
        if encoder is None:
            raise CommandError(
                _("There is no model: DIGEST_MODEL_DIR is {folder!r}.").format(
                    folder=settings.DIGEST_MODEL_DIR
                )
            )
        total = 0
        with tqdm(
            total=embed.count_waiting_papers(), unit="paper", disable=None
        ) as bar:
            while done := embed.embed_papers(now=timezone.now()):
                total += len(done)
                bar.update(len(done))
        dropped = embed.drop_superseded()
        self.stdout.write(
            ngettext(
                "{total} paper embedded by {name}, version {version}. "
                "Vectors of other models deleted: {dropped}.",
                "{total} papers embedded by {name}, version {version}. "
                "Vectors of other models deleted: {dropped}.",
                total,
            ).format(
                total=total,
                name=encoder.name,
                version=encoder.version,
                dropped=dropped,
            )
        )
