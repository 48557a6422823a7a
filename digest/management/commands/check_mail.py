"""`manage.py check_mail FILE.eml…`: the offline mail checker on saved messages.

One line for each violation, one for the sum. Exit code 1 if any rule is broken;
warnings alone do not fail.
"""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from digest.mailcheck import check_message


class Command(BaseCommand):
    """Names every rule of docs/mail-assertions.md that a message breaks."""

    help = "Check saved messages (.eml files, or directories of them) offline."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE.eml")
        parser.add_argument("--kind", choices=["digest", "transactional"])
        parser.add_argument("--domain", default="", help="the domain From must have")
        parser.add_argument("--postal-address", default="", help="must be in a digest")
        parser.add_argument(
            "--known",
            nargs="*",
            default=[],
            metavar="ADDRESS",
            help="subscribers of whom none but the recipient may occur",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        files = _files(options["paths"])
        violations = warnings = 0
        for file in files:
            found = check_message(
                file.read_bytes(),
                kind=options["kind"],
                sending_domain=options["domain"],
                known_addresses=options["known"],
                postal_address=options["postal_address"],
            )
            for each in found:
                mark = "warning: " if each.is_warning else ""
                self.stdout.write(f"{file}: {each.number}: {mark}{each.text}")
            warnings += sum(each.is_warning for each in found)
            violations += sum(not each.is_warning for each in found)
        self.stdout.write(
            f"{len(files)} messages, {violations} violations, {warnings} warnings"
        )
        if violations:
            sys.exit(1)


def _files(paths: list[Path]) -> list[Path]:
    """The files named, and every .eml file below the directories named."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(path.rglob("*.eml"))
        elif path.is_file():
            files.append(path)
        else:
            raise CommandError(f"{path} is no file and no directory")
    if not files:
        raise CommandError("there is no .eml file in " + ", ".join(map(str, paths)))
    return files
