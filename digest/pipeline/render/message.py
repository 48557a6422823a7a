"""From an edition and one delivery to the exact bytes that leave.

The bytes depend on stored rows alone: a retry sends the same subject, bodies, Date
and Message-ID, and the hash kept with the delivery proves it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email import charset as mail_charset
from email.header import Header
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.formats import date_format
from django.utils.html import escape

from accounts.addresses import mask
from digest import links
from digest.models import Delivery, Subscription
from digest.pipeline.render.holes import FEEDBACK, fill

QUOTED_PRINTABLE = mail_charset.Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = mail_charset.QP

MAX_LINE = 75
"""Characters of a header line; RFC 5322 asks for 78 at most."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail, as an object for Django's mail interface and as bytes for SMTP."""

    message: EmailMultiAlternatives
    raw: bytes

    @property
    def content_hash(self) -> str:
        """SHA-256 of the bytes, 64 hexadecimal digits."""
        return hashlib.sha256(self.raw).hexdigest()


def build_message(delivery: Delivery) -> Rendered:
    """Fill the edition's holes for this reader and put on the headers.

    The delivery has its edition and its date. Every header value is one line of
    ours; the subject was made one line when its parts were taken in.
    """
    edition, dated_at = delivery.edition, delivery.dated_at
    if edition is None or dated_at is None:
        raise ValueError(f"Delivery {delivery.pk} has no edition or date.")
    # In the edition's language, whatever the caller speaks: a retry says the same.
    with translation.override(edition.language):
        values = personal_values(delivery)
    message = EmailMultiAlternatives(
        subject=edition.subject,
        body=fill(edition.text, values),
        from_email=settings.DIGEST_FROM,
        to=[delivery.digest.reader.email],
        reply_to=[settings.DIGEST_REPLY_TO] if settings.DIGEST_REPLY_TO else None,
        headers=_headers(delivery, dated_at, values["unsubscribe_url"]),
    )
    message.attach_alternative(fill(edition.html, values, escape), "text/html")
    message.encoding = QUOTED_PRINTABLE
    mime = message.message()
    mime.replace_header("Subject", _encode_subject(edition.subject))
    # A boundary of its own would be drawn afresh at each retry.
    mime.set_boundary(f"=_{delivery.public_id.hex}")
    raw: bytes = mime.as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    return Rendered(message, raw)


def _encode_subject(subject: str) -> str:
    """The subject as RFC 2047 words, of which the first fits on the header's line.

    Left to itself the mail library leaves that line empty before a long word.
    """
    if subject.isascii():
        return subject
    words = Header(subject, "utf-8", header_name="Subject", maxlinelen=MAX_LINE)
    return words.encode(linesep="")


def personal_values(delivery: Delivery) -> dict[str, str]:
    """What goes into the holes for this reader."""
    digest = delivery.digest
    schedule = digest.reader.schedule
    values = {
        "unsubscribe_url": links.unsubscribe_url(schedule.unsubscribe_token),
        "manage_url": links.manage_url(schedule.manage_token),
        FEEDBACK: links.feedback_url(schedule.feedback_token),
        "web_url": links.absolute(digest.get_absolute_url()),
        "address": mask(digest.reader.email),
        "since": date_format(schedule.created_at.date(), "j F Y"),
    }
    tokens = Subscription.objects.filter(user=digest.user).values_list(
        "topic_id", "leave_token"
    )
    for topic_id, token in tokens:
        values[f"leave_url:{topic_id}"] = links.leave_url(token)
    return values


def _headers(
    delivery: Delivery, dated_at: datetime, unsubscribe_url: str
) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Message-ID": delivery.message_id,
        "Date": format_datetime(dated_at),
        "List-Id": f"<digest.{host}>",
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Feedback-ID": f"{delivery.digest.cadence}:digest:{host}:paperboy",
    }
