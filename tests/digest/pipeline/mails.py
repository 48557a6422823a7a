"""Digests rendered for tests, and what their raw bytes say."""

# ruff: noqa: ARG002 - HTMLParser fixes the signatures

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser

from accounts.models import User
from digest.mailcheck import check_message
from digest.models import Delivery, Edition, Fragment
from digest.pipeline import render
from tests.digest.pipeline.planning import plan_for
from tests.digest.pipeline.sending import render_one
from tests.factories import NOW

POSTAL_ADDRESS = "Example Institute, 1 Example Street, Example Town"


@dataclass(frozen=True)
class Mail:
    """One mail as its reader's program takes it apart."""

    raw: bytes
    headers: EmailMessage
    html: str
    text: str

    @property
    def words(self) -> str:
        """What the HTML part shows, tags gone and entities resolved."""
        reading = _Words()
        reading.feed(self.html)
        return " ".join("".join(reading.found).split())

    @property
    def tags(self) -> set[str]:
        """The tags of the HTML part."""
        reading = _Words()
        reading.feed(self.html)
        return reading.tags


_WITHIN_WORDS = {"strong", "em"}


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)

    def _part(self, tag: str) -> None:
        if tag not in _WITHIN_WORDS:
            self.found.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.cdata_elem:
            self.found.append(data)


def html_of(edition: Edition) -> str:
    """All HTML that the edition is made of."""
    keys = [edition.shell, edition.coverage, *edition.parts]
    pieces = Fragment.objects.in_bulk(keys)
    return "".join(pieces[key].html for key in keys)


def render_for(reader: User) -> Delivery:
    """The reader's due digest, planned and rendered."""
    delivery = plan_for(reader)
    assert delivery is not None
    render_one(delivery.pk, now=NOW)
    return again(delivery)


def again(delivery: Delivery | int) -> Delivery:
    """The delivery, read anew from its row."""
    return Delivery.objects.select_related("edition", "digest__user__schedule").get(
        pk=delivery if isinstance(delivery, int) else delivery.pk
    )


def mail_of(delivery: Delivery) -> Mail:
    """The mail that would leave now."""
    return read(render.build_message(delivery.pk, NOW).raw)


def mail_for(reader: User) -> Mail:
    """Plan and render the reader's due digest; the mail that would leave."""
    delivery = render_for(reader)
    assert delivery.state == Delivery.State.QUEUED, delivery.reason
    return mail_of(delivery)


def read(raw: bytes) -> Mail:
    """Take the bytes apart."""
    headers = message_from_bytes(raw, policy=policy.default)
    html, text = headers.get_body(("html",)), headers.get_body(("plain",))
    assert html is not None
    assert text is not None
    return Mail(raw, headers, *(_unix(part) for part in (html, text)))


def _unix(part: MIMEPart) -> str:
    content: str = part.get_content()
    return content.replace("\r\n", "\n")


def complaints(mail: Mail) -> list[str]:
    """Every rule of docs/mail-assertions.md that the mail breaks, warnings too."""
    found = check_message(
        mail.raw,
        kind="digest",
        sending_domain="papers.example.org",
        known_addresses=list(User.objects.values_list("email", flat=True)),
        postal_address=POSTAL_ADDRESS,
    )
    return [f"{each.number} {each.text}" for each in found]
