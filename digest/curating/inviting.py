"""Readers whom staff bring along: a table judged row by row, then invited by mail.

Nothing is subscribed here: each mail asks, and its button begins what the row says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import available_timezones

from django.conf import settings

from accounts import services as accounts
from accounts.addresses import AddressError, normalise
from accounts.models import Address, User
from accounts.services import Fate
from digest.imports.readers import Row
from digest.models import Schedule, Topic


class Verdict(StrEnum):
    """What would become of a row."""

    INVITED = "invited"
    READER = "reader"
    LEFT = "left"
    SUPPRESSED = "suppressed"
    ASKED = "asked"
    REPEATED = "repeated"
    NO_ADDRESS = "no_address"
    UNREADABLE = "unreadable"
    UNKNOWN_TOPIC = "unknown_topic"
    UNKNOWN_ZONE = "unknown_zone"
    UNKNOWN_LANGUAGE = "unknown_language"


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its verdict; `detail`: the topic, the sentence, the kind of fault."""

    row: Row
    verdict: Verdict
    detail: str = ""
    address: Address | None = None


_OF_FATES = {
    Fate.READY: Verdict.INVITED,
    Fate.KNOWN: Verdict.READER,
    Fate.SUPPRESSED: Verdict.SUPPRESSED,
    Fate.ASKED: Verdict.ASKED,
}


def judge(rows: Sequence[Row], *, now: datetime) -> list[Judged]:
    """Each row's verdict, in order; a handful of queries for all of them."""
    slugs = set(Topic.objects.public().values_list("slug", flat=True))
    zones = available_timezones()  # reads a folder: once, not for each row
    judged = [_judge_alone(row, slugs, zones) for row in rows]
    addresses = [each.address for each in judged if each.address]
    fates = accounts.judge_invitations(addresses, now)
    left = set(
        Schedule.objects.filter(
            ended_at__isnull=False, user__email_key__in=fates
        ).values_list("user__email_key", flat=True)
    )
    seen: set[str] = set()
    return [_judge_among(each, fates, left, seen) for each in judged]


def invite(
    judged: Sequence[Judged], *, by: User, topics: Sequence[str], now: datetime
) -> int:
    """Queue a mail to each who is to be invited; how many.

    `topics`: slugs for rows that name none.
    """
    wanted = [
        (
            each.address,
            {
                "topics": list(each.row.topics or topics),
                "zone": each.row.zone or settings.DIGEST_DEFAULT_ZONE,
            },
            each.row.language or settings.LANGUAGE_CODE,
        )
        for each in judged
        if each.verdict == Verdict.INVITED and each.address
    ]
    return accounts.begin_invitations(wanted, invited_by=by, now=now)


def _judge_alone(row: Row, slugs: set[str], zones: set[str]) -> Judged:
    if row.problem:
        return Judged(row, Verdict.UNREADABLE, row.problem)
    try:
        address = normalise(row.email)
    except AddressError as error:
        return Judged(row, Verdict.NO_ADDRESS, str(error))
    for slug in row.topics:
        if slug not in slugs:
            return Judged(row, Verdict.UNKNOWN_TOPIC, slug)
    if row.zone and row.zone not in zones:
        return Judged(row, Verdict.UNKNOWN_ZONE, row.zone)
    if row.language and row.language not in dict(settings.LANGUAGES):
        return Judged(row, Verdict.UNKNOWN_LANGUAGE, row.language)
    return Judged(row, Verdict.INVITED, address=address)


def _judge_among(
    each: Judged, fates: Mapping[str, Fate], left: set[str], seen: set[str]
) -> Judged:
    if each.address is None:
        return each
    key = each.address.key
    verdict = _OF_FATES[fates[key]]
    if verdict == Verdict.READER and key in left:
        verdict = Verdict.LEFT
    if key in seen:
        verdict = Verdict.REPEATED
    seen.add(key)
    return Judged(each.row, verdict, address=each.address)
