"""What must hold after each day: sums, no paper twice, every message in order."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from digest import mailcheck
from digest.bench.story.mailbox import Received
from digest.models import Delivery, Digest, DigestItem, Schedule

PAPER_LINK = re.compile(r"^(https://arxiv\.org/abs/\S+|\S+/paper/\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DaySums:
    """Where the digests of one day ended."""

    planned: int
    states: dict[str, int]
    skipped: dict[str, int]

    @property
    def is_whole(self) -> bool:
        """Planned is the sum of the places, and nothing is still on its way."""
        return self.planned == sum(self.states.values())


def sum_up(digest_ids: Iterable[int]) -> DaySums:
    """Count these digests by where they ended."""
    digests = Digest.objects.filter(pk__in=list(digest_ids))
    planned = digests.filter(status=Digest.Status.PLANNED)
    states = Delivery.objects.filter(digest__in=planned).values_list("state", flat=True)
    skipped = digests.filter(status=Digest.Status.SKIPPED)
    return DaySums(
        planned.count(),
        dict(Counter(states)),
        dict(Counter(skipped.values_list("reason", flat=True))),
    )


def find_due(now: datetime) -> list[int]:
    """Digests of the last day: one for each reader whose hour has come."""
    due = Digest.objects.filter(due_at__gt=now - timedelta(days=1), due_at__lte=now)
    return list(due.values_list("pk", flat=True))


def find_unsettled(now: datetime) -> list[str]:
    """What is still to happen at `now`: readers not planned, mails on their way."""
    waiting = Schedule.objects.due(now).values_list("pk", flat=True)
    moving = Delivery.objects.exclude(
        state__in=["accepted", "failed", "uncertain", "skipped"]
    )
    return [f"schedule {pk}" for pk in waiting] + [str(row) for row in moving]


def find_repeats(received: Iterable[Received]) -> list[str]:
    """Papers that a reader was mailed twice, read off the messages themselves."""
    seen: set[tuple[str, str]] = set()
    repeats = []
    for mail in received:
        links = set(PAPER_LINK.findall(mail.text)) if mail.is_digest else set()
        repeats += [
            f"{mail.recipient}: {link}"
            for link in links
            if (mail.recipient, link) in seen
        ]
        seen |= {(mail.recipient, link) for link in links}
    return repeats


def count_mailed(received: Iterable[Received]) -> int:
    """Papers in all digests received."""
    return sum(
        len(set(PAPER_LINK.findall(mail.text))) for mail in received if mail.is_digest
    )


def count_items() -> int:
    """Papers that the database says are in accepted mails."""
    return DigestItem.objects.filter(
        is_in_mail=True, digest__delivery__state=Delivery.State.ACCEPTED
    ).count()


def find_violations(
    received: Iterable[Received], sending_domain: str, readers: Iterable[str]
) -> list[str]:
    """Everything that `check_mail` has against the messages; warnings left out."""
    addresses = list(readers)
    return [
        f"{mail.recipient}: {violation.number}: {violation.text}"
        for mail in received
        for violation in mailcheck.check_message(
            mail.raw,
            sending_domain=sending_domain,
            postal_address=settings.DIGEST_POSTAL_ADDRESS,
            known_addresses=[a for a in addresses if a != mail.recipient],
        )
        if not violation.is_warning
    ]
