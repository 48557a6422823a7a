"""D1: the DMARC record, of the domain or of one above it, and what aligns with it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from digest.health.finding import Finding, fail, ok, warn
from digest.health.mail.dkim import read_tags
from digest.health.mail.lookup import Lookup
from digest.health.mail.sender import Sender

POLICIES = {"none", "quarantine", "reject"}


def check(lookup: Lookup, sender: Sender, _now: datetime) -> Finding:
    """p=none or stricter; SPF and DKIM align, for all is of the From domain."""
    found = _find(lookup, sender.domain)
    if found is None:
        return fail(
            _("{domain} has no DMARC record.").format(domain=sender.domain),
            _(
                'Add a TXT record at _dmarc.{domain}: "v=DMARC1; p=none; '
                'rua=mailto:dmarc@{domain}". Gmail, Yahoo and Outlook ask for one.'
            ).format(domain=sender.domain),
        )
    place, tags = found
    policy = tags.get("p", "")
    if policy not in POLICIES:
        return fail(
            _("The DMARC record at {place} has no policy.").format(place=place),
            _("Write p=none, p=quarantine or p=reject into it."),
        )
    text = _("{place}: p={policy}").format(place=place, policy=policy)
    if sender.provider and not sender.selectors and policy != "none":
        return warn(
            _("{text}, and nothing is known to align with it.").format(text=text),
            _("Let the provider sign as {domain}: see D1 DKIM.").format(
                domain=sender.domain
            ),
        )
    return ok(text)


def _find(lookup: Lookup, domain: str) -> tuple[str, dict[str, str]] | None:
    """The record of the domain, or else of the nearest one above it."""
    labels = domain.split(".")
    for first in range(len(labels) - 1):
        place = f"_dmarc.{'.'.join(labels[first:])}"
        for text in lookup.texts(place):
            tags = read_tags(text)
            if tags.get("v", "").upper() == "DMARC1":
                return place, tags
    return None
