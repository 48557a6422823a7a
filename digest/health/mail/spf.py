"""D1: the SPF record of the sending domain (RFC 7208), read with its includes."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from digest.health.finding import Finding, fail, ok, warn
from digest.health.mail.lookup import Lookup
from digest.health.mail.sender import Sender

MOST_LOOKUPS = 10
COSTLY = {"include", "a", "mx", "ptr", "exists", "redirect"}

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(slots=True)
class Walk:
    """What a record and those that it includes allow, and what reading it costs."""

    networks: list[Network] = field(default_factory=list)
    lookups: int = 0
    missing: list[str] = field(default_factory=list)
    is_open: bool = False
    is_opaque: bool = False
    """It hangs on the mail at hand, so that nobody can tell beforehand."""

    def allows(self, address: str) -> bool:
        """Whether mail from this address passes."""
        ip = ipaddress.ip_address(address)
        return any(ip in network for network in self.networks)


def check(lookup: Lookup, sender: Sender, _now: datetime) -> Finding:
    """One record, ten lookups at most, and every address of ours in it."""
    records = _records(lookup, sender.domain)
    if not records:
        return _lacking(sender)
    if len(records) > 1:
        return fail(
            _("{domain} has {count} SPF records; servers then trust none.").format(
                domain=sender.domain, count=len(records)
            ),
            _("Join them into one TXT record that begins with v=spf1."),
        )
    walk = Walk()
    _follow(lookup, sender.domain, records[0], walk)
    return _judge(sender, records[0], walk)


def _judge(sender: Sender, record: str, walk: Walk) -> Finding:
    if walk.lookups > MOST_LOOKUPS:
        return fail(
            _("SPF of {domain} takes {count} lookups; ten are allowed.").format(
                domain=sender.domain, count=walk.lookups
            ),
            _("Take includes out that are no longer used, or name addresses (ip4:)."),
        )
    if walk.missing:
        return fail(
            _("SPF of {domain} names what has no record: {names}").format(
                domain=sender.domain, names=", ".join(walk.missing)
            ),
            _("Take it out of the record: servers then trust none of it."),
        )
    if walk.is_open:
        return fail(
            _("SPF of {domain} ends in +all: anybody may send as you.").format(
                domain=sender.domain
            ),
            _("End the record in -all or ~all."),
        )
    outside = [ip for ip in sender.addresses if not walk.allows(ip)]
    if outside and not walk.is_opaque:
        words = " ".join(f"ip{ipaddress.ip_address(ip).version}:{ip}" for ip in outside)
        return fail(
            _("SPF of {domain} does not allow {addresses}.").format(
                domain=sender.domain, addresses=", ".join(outside)
            ),
            _("Put this before its last word: {words}").format(words=words),
        )
    return ok(_("{domain}: {record}").format(domain=sender.domain, record=record))


def _lacking(sender: Sender) -> Finding:
    text = _("{domain} has no SPF record.").format(domain=sender.domain)
    if sender.provider:
        return warn(
            text,
            _(
                "Set up the return path (or MAIL FROM domain) that {provider} offers, "
                "with the records that it names; until then DKIM alone speaks for you."
            ).format(provider=sender.provider),
        )
    words = " ".join(
        f"ip{ipaddress.ip_address(ip).version}:{ip}" for ip in sender.addresses
    )
    return fail(
        text,
        _('Add a TXT record at {domain}: "v=spf1 {words} -all"').format(
            domain=sender.domain, words=words or "ip4:203.0.113.7"
        ),
    )


def _records(lookup: Lookup, domain: str) -> list[str]:
    texts = lookup.texts(domain)
    return [text for text in texts if text.lower().split(" ")[0] == "v=spf1"]


def _follow(lookup: Lookup, domain: str, record: str, walk: Walk) -> None:
    """Add what the record allows; stops where servers would, at the eleventh lookup."""
    for term in record.lower().split()[1:]:
        name, _colon, value = term.lstrip("+-~?").partition(":")
        if name.startswith("redirect="):
            name, value = "redirect", name.removeprefix("redirect=")
        name, _slash, length = name.partition("/")
        walk.lookups += name in COSTLY
        if walk.lookups > MOST_LOOKUPS:
            return
        walk.is_open |= term in {"all", "+all"}
        if "%" in value or name in {"ptr", "exists"}:
            walk.is_opaque = True
        elif name in {"include", "redirect"}:
            _include(lookup, value, walk)
        else:
            walk.networks += _networks(lookup, name, value or domain, length)


def _networks(lookup: Lookup, name: str, value: str, length: str) -> list[Network]:
    """What one mechanism allows; nothing for a word that names no addresses."""
    match name:
        case "ip4" | "ip6":
            return [ipaddress.ip_network(value, strict=False)]
        case "a" | "mx":
            return _hosts(lookup, name, value, length)
        case _:
            return []


def _include(lookup: Lookup, domain: str, walk: Walk) -> None:
    records = _records(lookup, domain)
    if not records:
        walk.missing.append(domain)
        return
    _follow(lookup, domain, records[0], walk)


def _hosts(lookup: Lookup, name: str, value: str, length: str) -> list[Network]:
    domain, _slash, own_length = value.partition("/")
    hosts = lookup.mail_hosts(domain) if name == "mx" else [domain]
    bits = (own_length or length).split("/")[0]
    return [
        ipaddress.ip_network(f"{ip}/{bits}" if bits and "." in ip else ip, strict=False)
        for host in hosts
        if host
        for ip in lookup.addresses(host)
    ]
