"""Forgets at once all that was kept long enough; the workers do the same each hour."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from digest.pipeline import forget


class Command(BaseCommand):
    """Can be stopped and run again: each batch is a transaction of its own."""

    help = "Delete or strip what docs/retention.md says is kept no longer."

    def handle(self, *args: Any, **options: Any) -> None:
        """Go on until nothing is left; the last line sums up."""
        total: Counter[str] = Counter()
        is_done = False
        while not is_done:
            done = forget.forget(now=timezone.now())
            total.update(done.counts)
            is_done = done.is_done
        rows = ", ".join(f"{name} {count}" for name, count in total.items())
        self.stdout.write(_("Forgotten: {rows}.").format(rows=rows or _("nothing")))
