"""`manage.py doctor`: every check with its verdict and what to do, and an exit code.

0 if nothing fails, whatever is warned of or cannot be told; 1 if something does.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from digest import health
from digest.health import Finding, Verdict
from digest.health.mail import Lookup, make_checks


class Command(BaseCommand):
    """Looks at everything and changes nothing."""

    help = "Check the service and whether its mail is believed; say what to do."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to print, and whom to ask for names."""
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.add_argument(
            "--dns",
            default="",
            metavar="ADDRESS[:PORT]",
            help="ask this DNS server, not the one of this machine",
        )
        parser.add_argument(
            "--offline", action="store_true", help="leave out what needs the DNS"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the checks, print them, and exit."""
        checks = dict(health.SERVICE)
        if not options["offline"]:
            checks |= make_checks(_lookup(options["dns"]))
        found = health.run(checks, timezone.now())
        if options["json"]:
            self.stdout.write(_as_json(found))
        else:
            self.stdout.write("\n".join(self._lines(found)))
        if any(finding.verdict == Verdict.FAIL for finding in found.values()):
            sys.exit(1)

    def _lines(self, found: Mapping[str, Finding]) -> list[str]:
        style = {
            Verdict.OK: self.style.SUCCESS,
            Verdict.UNKNOWN: self.style.NOTICE,
            Verdict.WARN: self.style.WARNING,
            Verdict.FAIL: self.style.ERROR,
        }
        lines = []
        for name, finding in found.items():
            verdict = style[finding.verdict](f"{finding.verdict:7}")
            lines.append(f"{verdict} {name:16} {finding.text}")
            if finding.advice:
                lines.append(f"{'':24} → {finding.advice}")
        counts = Counter(finding.verdict for finding in found.values())
        total = _(
            "{ok} ok, {unknown} unknown, {warn} warnings, {fail} failures"
        ).format(**{verdict.value: counts[verdict] for verdict in Verdict})
        return [*lines, total]


def _as_json(found: Mapping[str, Finding]) -> str:
    checks = [
        {
            "check": name,
            "verdict": finding.verdict.value,
            "text": str(finding.text),
            "advice": str(finding.advice),
        }
        for name, finding in found.items()
    ]
    is_well = all(finding.verdict != Verdict.FAIL for finding in found.values())
    return json.dumps({"ok": is_well, "checks": checks}, ensure_ascii=False, indent=2)


def _lookup(server: str) -> Lookup:
    address, _colon, port = server.partition(":")
    try:
        return Lookup(address, int(port or 53))
    except ValueError as error:
        raise CommandError(_("--dns takes an address like 9.9.9.9:53")) from error
