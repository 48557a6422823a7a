"""D2 and D3: addresses that have names, and domains that take mail."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from digest.health.finding import Finding, fail, ok, unknown
from digest.health.mail.lookup import Lookup
from digest.health.mail.sender import Sender

FREE_MAIL = {
    *("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com"),
    *("yahoo.com", "icloud.com", "aol.com", "gmx.net", "gmx.de", "web.de"),
    *("proton.me", "protonmail.com", "qq.com", "163.com", "mail.ru"),
}


def check_reverse(lookup: Lookup, sender: Sender, _now: datetime) -> Finding:
    """Each sending address has a name that leads back to it."""
    if sender.provider:
        return ok(_("The provider's servers send; their names are its own."))
    if not sender.addresses:
        return unknown(
            _("From which addresses mail servers see you is not known here."),
            _(
                "Set DIGEST_SENDING_ADDRESSES to the public addresses of the relay "
                "that sends, separated by commas."
            ),
        )
    wrong = [ip for ip in sender.addresses if not _leads_back(lookup, ip)]
    if wrong:
        return fail(
            _("No name leads to and fro for {addresses}.").format(
                addresses=", ".join(wrong)
            ),
            _(
                "Have the host of the address set its PTR record to the relay's name, "
                "and give that name an A or AAAA record of the address."
            ),
        )
    return ok(
        _("The names of {addresses} lead back to them.").format(
            addresses=", ".join(sender.addresses)
        )
    )


def _leads_back(lookup: Lookup, address: str) -> bool:
    return any(address in lookup.addresses(name) for name in lookup.host_names(address))


def check_mailboxes(lookup: Lookup, sender: Sender, _now: datetime) -> Finding:
    """Bounces and answers find a server, at domains of one's own."""
    domains = {sender.domain, sender.reply_domain} - {""}
    borrowed = sorted({sender.domain} & FREE_MAIL)
    if borrowed:
        return fail(
            _("{domain} is not yours: its DMARC refuses what you send.").format(
                domain=borrowed[0]
            ),
            _("Send from a domain of your own, best a subdomain for mail alone."),
        )
    deaf = [domain for domain in sorted(domains) if not _takes_mail(lookup, domain)]
    if deaf:
        return fail(
            _("{domains} takes no mail; bounces and answers are lost.").format(
                domains=", ".join(deaf)
            ),
            _(
                "Add an MX record there that names a server which takes mail for it; "
                "Outlook refuses senders that cannot be answered."
            ),
        )
    return ok(_("{domains} takes mail.").format(domains=", ".join(sorted(domains))))


def _takes_mail(lookup: Lookup, domain: str) -> bool:
    hosts = lookup.mail_hosts(domain) or [domain]
    return any(host and lookup.addresses(host) for host in hosts)
