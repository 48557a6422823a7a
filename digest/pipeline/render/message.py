"""From an edition and one delivery to the exact bytes that leave.

The bytes depend on stored rows alone: a retry sends the same subject, bodies, Date
and Message-ID, and the hash kept with the delivery proves it.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import forbid_multi_line_headers

from digest.pipeline.render.addressed import Addressed
from digest.pipeline.render.bodies import Body, hash_all
from digest.pipeline.render.encoded import Values, decode, encode_values, fill

MAX_LINE = 75
"""Characters of a header line; RFC 5322 asks for 78 at most."""

_SHORT = re.compile(r"[\x20-\x7e]{0,66}", re.ASCII)
_PLAIN = re.compile(r"[\x21-\x7e]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail as bytes for SMTP, and as an object for Django's mail interface.

    `frame` is what stands before, between and after its two parts. `content_hash`, 64
    hexadecimal digits, is the SHA-256 of all that the bytes are made of.
    """

    addressed: Addressed
    subject: str
    headers: dict[str, str]
    frame: tuple[bytes, bytes, bytes]
    body: Body
    html_values: Values
    text_values: Values
    content_hash: str

    @property
    def raw(self) -> bytes:
        """The bytes, put together each time: a batch of mails would fill the memory."""
        before, between, after = self.frame
        return b"".join(
            (
                before,
                fill(self.body.text.join(), self.text_values),
                between,
                fill(self.body.html.join(), self.html_values),
                after,
            )
        )

    @property
    def html_text(self) -> str:
        """The HTML part, decoded."""
        return decode(fill(self.body.html.join(), self.html_values))

    @property
    def plain_text(self) -> str:
        """The text part, decoded."""
        return decode(fill(self.body.text.join(), self.text_values))

    @property
    def message(self) -> EmailMultiAlternatives:
        """The same mail in parts; anymail hands its metadata to the provider."""
        message = EmailMultiAlternatives(
            subject=self.subject,
            body=self.plain_text,
            from_email=settings.DIGEST_FROM,
            to=[self.addressed.email or ""],
            reply_to=[settings.DIGEST_REPLY_TO] if settings.DIGEST_REPLY_TO else None,
            headers=self.headers,
        )
        message.attach_alternative(self.html_text, "text/html")
        # Its events bring it back.
        message.metadata = {"delivery": str(self.addressed.public_id)}  # type: ignore[attr-defined]
        return message


def write_message(
    addressed: Addressed,
    subject: str,
    body: Body,
    values: dict[str, str],
    dated_at: datetime,
) -> Rendered:
    """Put on the headers, and prepare what fills the holes for this reader.

    Every header value is one line of ours; the subject was made one line when its
    parts were taken in.

    Raises:
        ValueError: a header (BadHeaderError) is not one line.
        KeyError: nothing is known for a hole.
    """
    headers = _headers(addressed, dated_at, values["unsubscribe_url"])
    html, text = encode_values(values)
    # A boundary of its own would be drawn afresh at each retry.
    boundary = f"=_{addressed.public_id.hex}"
    lines = [
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"',
        "MIME-Version: 1.0",
        f"Subject: {_encode_subject(subject)}",
        _line("From", settings.DIGEST_FROM),
        _line("To", addressed.email or ""),
    ]
    if settings.DIGEST_REPLY_TO:
        lines.append(_line("Reply-To", settings.DIGEST_REPLY_TO))
    lines += [_line(name, value) for name, value in headers.items()]
    lines.append(_part_head(boundary, "plain"))
    frame = (
        "\r\n".join(lines).encode("ascii"),
        _part_head(boundary, "html").encode("ascii"),
        f"\r\n--{boundary}--\r\n".encode("ascii"),
    )
    own = [values[hole] for values in (html, text) for hole in body.holes]
    digest = hash_all(body.digest, [*frame, *own, html.token]).hex()
    return Rendered(addressed, subject, headers, frame, body, html, text, digest)


def _part_head(boundary: str, subtype: str) -> str:
    return (
        f"\r\n--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "MIME-Version: 1.0\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )


def _line(name: str, value: str) -> str:
    """One header; what is more than plain characters goes through the mail library."""
    if _PLAIN.fullmatch(value) and "\\" not in value and '"' not in value:
        return f"{name}: {value}"
    return f"{name}: {_encode_value(name, value)}"


@lru_cache(maxsize=1024)
def _encode_value(name: str, value: str) -> str:
    _name, encoded = forbid_multi_line_headers(name, value, "utf-8")
    return str(encoded).replace("\n", "\r\n")


@lru_cache(maxsize=1024)
def _encode_subject(subject: str) -> str:
    """The subject as RFC 2047 words, of which the first fits on the header's line.

    Left to itself the mail library leaves that line empty before a long word.
    """
    if _SHORT.fullmatch(subject):
        return subject
    if subject.isascii():
        _name, encoded = forbid_multi_line_headers("Subject", subject, "ascii")
        words = Header(str(encoded), header_name="Subject", maxlinelen=MAX_LINE)
    else:
        words = Header(subject, "utf-8", header_name="Subject", maxlinelen=MAX_LINE)
    return words.encode(linesep="\r\n")


@lru_cache(maxsize=64)
def _write_date(dated_at: datetime) -> str:
    return format_datetime(dated_at)


def _headers(
    addressed: Addressed, dated_at: datetime, unsubscribe_url: str
) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Message-ID": addressed.message_id,
        "Date": _write_date(dated_at),
        "List-Id": f"<digest.{host}>",
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Feedback-ID": f"{addressed.cadence}:digest:{host}:paperboy",
    }
