"""The bytes of every transactional mail (R1-R12, H6, H9, C5-C14, S6)."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from pytest_django import Settings

from accounts import emails
from digest import mailcheck
from tests.accounts.story import NOW

TOKEN = "t" * 24
NOTE = "2 sources are late\nThese are late:\narXiv <b>: list & more. Error 503."
ACCEPTED = "On <b> maths & more\nhttps://papers.example.org/paper/2611.00001/"
DECLINED = "On <b> maths & more\nWe had it last week.\nThank you."
RETIRED = "Robots <b> & more\n\nToo few papers.\n\nTry “Learning”."
MERGED = "Robots <b>\nRobots & machines\nThey were nearly the same."
VOID = {"meta", "br", "img", "link", "hr"}


def _make(name: str) -> EmailMultiAlternatives:
    envelope = emails.Envelope("ann@example.org", f"{name}-1", NOW)
    return {
        "confirm": lambda: emails.confirm_signup(envelope, TOKEN),
        "already_subscribed": lambda: emails.already_subscribed(envelope, TOKEN),
        "signin_code": lambda: emails.signin_code(envelope, "ABC-123"),
        "confirm_address": lambda: emails.confirm_address(envelope, TOKEN),
        "address_changed": lambda: emails.address_changed(envelope, "b…b@e…e.org"),
        "invitation": lambda: emails.invitation(envelope, "i" * 24),
        "accepted": lambda: emails.accepted(envelope, ACCEPTED),
        "declined": lambda: emails.declined(envelope, DECLINED),
        "operator_note": lambda: emails.operator_note(envelope, NOTE),
        "topic_retired": lambda: emails.topic_retired(envelope, RETIRED),
        "topic_merged": lambda: emails.topic_merged(envelope, MERGED),
    }[name]()


NAMES = [
    "confirm",
    "already_subscribed",
    "signin_code",
    "confirm_address",
    "address_changed",
    "invitation",
    "accepted",
    "declined",
    "operator_note",
    "topic_retired",
    "topic_merged",
]


def _bytes(name: str) -> bytes:
    message: Any = _make(name).message()
    raw: bytes = message.as_bytes(linesep="\r\n")
    return raw


def _parsed(name: str) -> EmailMessage:
    parsed = message_from_bytes(_bytes(name), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def _html(name: str) -> str:
    part = _parsed(name).get_body(("html",))
    assert part is not None
    return str(part.get_content())


class _Tags(HTMLParser):
    """Collects start tags, and fails on tags that are not nested well."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", NAMES)
def test_its_headers_are_single_and_say_that_a_program_wrote_it(name: str) -> None:
    parsed = _parsed(name)

    for header in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version"):
        assert len(parsed.get_all(header, [])) == 1, header
    assert parsed["From"] == "Paperboy <papers@papers.example.org>"
    assert parsed["To"] == "ann@example.org"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "OOF, AutoReply"
    assert parsedate_to_datetime(parsed["Date"]) == NOW
    for header in ("List-Unsubscribe", "List-Unsubscribe-Post", "List-Id"):
        assert parsed[header] is None, header
    assert 0 < len(parsed["Subject"]) <= 100


@pytest.mark.parametrize("name", NAMES)
def test_check_mail_has_nothing_against_it(name: str) -> None:
    violations = mailcheck.check_message(
        _bytes(name), kind="transactional", sending_domain="papers.example.org"
    )

    assert [violation for violation in violations if not violation.is_warning] == []


@pytest.mark.parametrize("name", NAMES)
def test_its_lines_are_short_and_end_as_smtp_wants(name: str) -> None:
    raw = _bytes(name)

    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert raw.isascii()


@pytest.mark.parametrize("name", NAMES)
def test_it_has_a_text_and_then_the_same_as_html(name: str) -> None:
    parts = list(_parsed(name).iter_parts())

    assert _parsed(name).get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    text, html = (str(part.get_content()) for part in parts)
    assert {part.get_content_charset() for part in parts} == {"utf-8"}
    assert "ignore this mail" in text
    assert "ignore this mail" in html
    for word in ("Paperboy", "Example Street"):
        assert word in text
        assert word in html
    links = set(re.findall(r"https://\S+", text))
    assert links <= set(re.findall(r'href="([^"]+)"', html))
    assert all(link.startswith("https://papers.example.org/") for link in links)


@pytest.mark.parametrize("name", NAMES)
def test_its_html_is_plain_readable_and_needs_nothing_from_outside(name: str) -> None:
    html = _html(name)
    tags = _Tags(html).found
    names = [tag for tag, _attributes in tags]

    assert not {"script", "link", "form", "img", "svg", "iframe"} & set(names)
    assert "@import" not in html
    assert "url(" not in html
    assert names.count("h1") == 1
    assert ("html", {"lang": "en", "dir": "ltr"}) in tags
    assert ("meta", {"charset": "utf-8"}) in tags
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in tags
    assert "prefers-color-scheme: dark" in html
    assert "[data-ogsc]" in html
    assert re.search(r"<title>[^<]+</title>", html)
    for tag, attributes in tags:
        if tag == "table":
            assert attributes.get("role") == "presentation"
    sizes = [int(size) for size in re.findall(r"font-size:(\d+)px", html)]
    assert min(sizes) >= 14
    assert all(float(h) >= 1.5 for h in re.findall(r"line-height:([\d.]+)", html))
    assert len(html.encode()) < 16_000


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#22252b", "#fdfcfa"),
        ("#5b5e66", "#fdfcfa"),
        ("#1a4fa0", "#fdfcfa"),
        ("#fdfcfa", "#1a4fa0"),
        ("#22252b", "#ece8e1"),
        ("#e9e6e1", "#1b1d22"),
        ("#b9b6b0", "#1b1d22"),
        ("#9cc3ff", "#1b1d22"),
        ("#14161a", "#9cc3ff"),
        ("#e9e6e1", "#2a2d34"),
    ],
)
def test_its_colours_can_be_told_apart_in_light_and_dark(ink: str, paper: str) -> None:
    html = "".join(_html(name) for name in NAMES)
    assert ink in html
    assert paper in html
    low, high = sorted([_luminance(ink), _luminance(paper)])

    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_message_id_is_of_our_domain_and_the_same_for_the_same_mail() -> None:
    first, again = _parsed("confirm")["Message-ID"], _parsed("confirm")["Message-ID"]

    assert first == again
    assert re.fullmatch(r"<[0-9a-f]{32}@papers\.example\.org>", first)
    assert first != _parsed("signin_code")["Message-ID"]


def test_it_answers_to_the_operator_where_the_operator_reads(
    settings: Settings,
) -> None:
    settings.DIGEST_REPLY_TO = "desk@example.org"

    assert _parsed("confirm").get_all("Reply-To") == ["desk@example.org"]


@pytest.mark.parametrize(
    "nasty",
    [
        "A\r\nBcc: bob@example.org",
        "A\x0b\x0bBODY",
        "A\x1cB",
        "A\u2028B",
        "A\u202eB\u200b",
        "Größe 数学 😀",
        "x" * 500,
    ],
)
def test_no_text_can_break_out_of_the_subject(settings: Settings, nasty: str) -> None:
    settings.DIGEST_SITE_NAME = nasty
    parsed = _parsed("confirm")

    assert parsed["To"] == "ann@example.org"
    assert parsed["Bcc"] is None
    assert len(parsed["Subject"]) <= 100
    assert not re.search(r"[\x00-\x1f\u2028\u202e\u200b]", parsed["Subject"])


def test_the_html_escapes_and_the_text_does_not(settings: Settings) -> None:
    settings.DIGEST_SITE_NAME = "Papers & <b>more</b>"
    text_part = _parsed("confirm").get_body(("plain",))

    assert "Papers &amp; &lt;b&gt;more" in _html("confirm")
    assert text_part is not None
    assert "Papers & <b>more</b>" in text_part.get_content()


@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_its_three_parts(name: str) -> None:
    for ending in ("subject.txt", "txt"):
        assert render_to_string(f"accounts/email/{name}.{ending}", {}, using="text")


def test_the_date_is_that_of_the_order_even_when_sent_later() -> None:
    envelope = emails.Envelope("ann@example.org", "x", NOW - timedelta(minutes=4))
    message = emails.signin_code(envelope, "ABC").message()

    assert parsedate_to_datetime(str(message["Date"])) == NOW - timedelta(minutes=4)
