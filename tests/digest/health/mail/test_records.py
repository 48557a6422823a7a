"""D1 to D3: what the DNS must say of a sender, asked of a real server."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from digest import health
from digest.health import Verdict
from digest.health.mail import dkim, dmarc, hosts, spf
from digest.health.mail.sender import Sender
from tests.digest.health.mail.conftest import Zone
from tests.factories import NOW

DOMAIN = "papers.example.org"
IP = "203.0.113.7"


def a_sender(**fields: Any) -> Sender:
    """A site with a relay of its own."""
    return Sender(
        **{
            "domain": DOMAIN,
            "reply_domain": "",
            "provider": "",
            "relay": "127.0.0.1",
            "addresses": (IP,),
            "selectors": (),
            **fields,
        }
    )


def a_key(bits: int) -> str:
    """The public half of a fresh key, as a record has it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@pytest.mark.parametrize(
    "record",
    [
        f"v=spf1 ip4:{IP} -all",
        "v=spf1 ip4:203.0.113.0/24 ~all",
        "v=spf1 a -all",
        "v=spf1 mx -all",
        "v=spf1 include:_spf.relay.example -all",
        "v=spf1 redirect=_spf.relay.example",
        "v=spf1 exists:%{i}._spf.relay.example -all",
    ],
)
def test_spf_allows_our_address_in_each_way(zone: Zone, record: str) -> None:
    zone.add(DOMAIN, "TXT", "google-site-verification=x", record)
    zone.add(DOMAIN, "A", IP)
    zone.add(DOMAIN, "MX", "10 mx.example.org.")
    zone.add("mx.example.org", "A", IP)
    zone.add("_spf.relay.example", "TXT", f"v=spf1 ip4:{IP} -all")

    assert spf.check(zone.lookup, a_sender(), NOW).verdict == Verdict.OK


@pytest.mark.parametrize(
    ("records", "word"),
    [
        ([], f'"v=spf1 ip4:{IP} -all"'),
        (["v=spf1 ip4:198.51.100.1 -all"], f"ip4:{IP}"),
        (["v=spf1 -all", "v=spf1 a -all"], "one TXT record"),
        (["v=spf1 +all"], "-all"),
        (["v=spf1 include:gone.example -all"], "Take it out"),
        ([f"v=spf1 {'a ' * 11}-all"], "ip4:"),
    ],
)
def test_spf_that_servers_do_not_trust_says_what_to_write(
    zone: Zone, records: list[str], word: str
) -> None:
    zone.add(DOMAIN, "A", "198.51.100.1")
    if records:
        zone.add(DOMAIN, "TXT", *records)

    finding = spf.check(zone.lookup, a_sender(), NOW)

    assert finding.verdict == Verdict.FAIL
    assert word in finding.advice


def test_a_record_that_includes_itself_ends(zone: Zone) -> None:
    zone.add(DOMAIN, "TXT", f"v=spf1 include:{DOMAIN} -all")

    assert spf.check(zone.lookup, a_sender(), NOW).verdict == Verdict.FAIL


def test_a_provider_may_speak_by_its_signature_alone(zone: Zone) -> None:
    sender = a_sender(provider="postmark", addresses=())

    assert spf.check(zone.lookup, sender, NOW).verdict == Verdict.WARN


@pytest.mark.parametrize(
    ("bits", "verdict"), [(1024, Verdict.WARN), (2048, Verdict.OK)]
)
def test_a_key_is_measured(zone: Zone, bits: int, verdict: Verdict) -> None:
    zone.add(f"s1._domainkey.{DOMAIN}", "TXT", f"v=DKIM1; k=rsa; p={a_key(bits)[:200]}")
    zone.records[f"s1._domainkey.{DOMAIN}", "TXT"] = [_in_pieces(a_key(bits))]

    finding = dkim.check(zone.lookup, a_sender(selectors=("s1",)), NOW)

    assert finding.verdict == verdict
    assert str(bits) in finding.text


def _in_pieces(key: str) -> str:
    """A TXT record holds 255 characters a piece."""
    text = f"v=DKIM1; k=rsa; p={key}"
    return " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))


@pytest.mark.parametrize("record", ["v=DKIM1; p=", "v=DKIM1; p=nonsense", None])
def test_a_key_that_is_none_fails(zone: Zone, record: str | None) -> None:
    if record:
        zone.add(f"s1._domainkey.{DOMAIN}", "TXT", record)

    finding = dkim.check(zone.lookup, a_sender(selectors=("s1",)), NOW)

    assert finding.verdict == Verdict.FAIL


def test_without_a_selector_it_says_how_to_find_one(zone: Zone) -> None:
    finding = dkim.check(zone.lookup, a_sender(), NOW)

    assert finding.verdict == Verdict.UNKNOWN
    assert "DIGEST_DKIM_SELECTORS" in finding.advice


@pytest.mark.parametrize("place", [f"_dmarc.{DOMAIN}", "_dmarc.example.org"])
def test_dmarc_counts_from_the_domain_above_too(zone: Zone, place: str) -> None:
    zone.add(place, "TXT", "v=DMARC1; p=quarantine; rua=mailto:d@example.org")

    finding = dmarc.check(zone.lookup, a_sender(), NOW)

    assert finding.verdict == Verdict.OK
    assert "p=quarantine" in finding.text


@pytest.mark.parametrize("record", ["", "v=DMARC1; rua=mailto:d@example.org"])
def test_a_dmarc_record_is_asked_for(zone: Zone, record: str) -> None:
    if record:
        zone.add(f"_dmarc.{DOMAIN}", "TXT", record)

    finding = dmarc.check(zone.lookup, a_sender(), NOW)

    assert finding.verdict == Verdict.FAIL
    assert "p=none" in finding.advice


def test_names_lead_to_and_fro(zone: Zone) -> None:
    assert hosts.check_reverse(zone.lookup, a_sender(), NOW).verdict == Verdict.FAIL
    zone.add("7.113.0.203.in-addr.arpa", "PTR", "relay.example.org.")
    assert hosts.check_reverse(zone.lookup, a_sender(), NOW).verdict == Verdict.FAIL
    zone.add("relay.example.org", "A", IP)

    assert hosts.check_reverse(zone.lookup, a_sender(), NOW).verdict == Verdict.OK


def test_domains_take_what_comes_back(zone: Zone) -> None:
    sender = a_sender(reply_domain="lab.example.org")
    zone.add(DOMAIN, "MX", "10 mx.example.org.")
    zone.add("mx.example.org", "A", IP)
    zone.add("lab.example.org", "MX", "0 .")
    deaf = hosts.check_mailboxes(zone.lookup, sender, NOW)
    assert deaf.verdict == Verdict.FAIL
    assert "lab.example.org" in deaf.text

    zone.records["lab.example.org", "MX"] = ["10 mx.example.org."]

    assert hosts.check_mailboxes(zone.lookup, sender, NOW).verdict == Verdict.OK


def test_a_borrowed_domain_is_refused(zone: Zone) -> None:
    sender = a_sender(domain="gmail.com")

    assert hosts.check_mailboxes(zone.lookup, sender, NOW).verdict == Verdict.FAIL


def test_a_dns_that_does_not_answer_leaves_it_unknown(zone: Zone) -> None:
    zone.is_broken = True

    found = health.run(
        {"D1 SPF": lambda now: spf.check(zone.lookup, a_sender(), now)}, NOW
    )

    assert found["D1 SPF"].verdict == Verdict.UNKNOWN
