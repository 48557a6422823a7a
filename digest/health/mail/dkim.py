"""D1: the public keys that our signatures are checked with."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from django.utils.translation import gettext as _

from digest.health.finding import Finding, Verdict, fail, ok, unknown, warn
from digest.health.mail.lookup import Lookup
from digest.health.mail.sender import Sender

LEAST_BITS, GOOD_BITS = 1024, 2048


def check(lookup: Lookup, sender: Sender, _now: datetime) -> Finding:
    """The worst of the selectors' keys decides."""
    if not sender.selectors:
        return unknown(
            _(
                "Which key signs for {domain} cannot be looked up without its name."
            ).format(domain=sender.domain),
            _(
                "Send yourself a mail, find s= in its DKIM-Signature, see that d= is "
                "{domain}, and set DIGEST_DKIM_SELECTORS to the word after s=. Without "
                "a signature, let the provider or the relay (OpenDKIM, rspamd) sign."
            ).format(domain=sender.domain),
        )
    order = list(Verdict)
    found = [
        _check_one(lookup, f"{s}._domainkey.{sender.domain}") for s in sender.selectors
    ]
    return max(found, key=lambda finding: order.index(finding.verdict))


def _check_one(lookup: Lookup, name: str) -> Finding:
    records = lookup.texts(name)
    if not records:
        return fail(
            _("There is no key at {name}.").format(name=name),
            _("Add the TXT or CNAME record there that the provider or relay gives."),
        )
    tags = read_tags(records[0])
    key = tags.get("p", "")
    if not key:
        return fail(
            _("The key at {name} is revoked (p= is empty).").format(name=name),
            _("Publish the key that signs now, or sign with another selector."),
        )
    if tags.get("k") == "ed25519":
        return warn(
            _("The key at {name} is Ed25519, which many servers cannot check.").format(
                name=name
            ),
            _("Sign with an RSA key of 2048 bits as well."),
        )
    bits = _bits(key)
    text = _("The key at {name} has {bits} bits.").format(name=name, bits=bits)
    if bits >= GOOD_BITS:
        return ok(text)
    advice = _("Make one of 2048 bits, under a new selector, and sign with it.")
    return warn(text, advice) if bits >= LEAST_BITS else fail(text, advice)


def read_tags(record: str) -> dict[str, str]:
    """`v=DKIM1; p=…` as names and values."""
    pairs = (part.partition("=") for part in record.split(";"))
    return {
        name.strip().lower(): "".join(value.split())
        for name, _equals, value in pairs
        if name.strip()
    }


def _bits(key: str) -> int:
    """Length of an RSA key; 0 for what is none."""
    try:
        found = load_der_public_key(base64.b64decode(key, validate=True))
    except (ValueError, UnsupportedAlgorithm, binascii.Error):
        return 0
    return found.key_size if isinstance(found, RSAPublicKey) else 0
