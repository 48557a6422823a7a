"""Every transactional mail, and the one place that builds it: `make_message`.

Nothing that a stranger typed into a form stands in these mails (they could carry
advertising to an address that never asked), and none has list headers.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.charset import QP, Charset
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes

MAX_SUBJECT = 100

# Quoted-printable keeps every line far below the 998 bytes that SMTP allows.
UTF8_QP = Charset("utf-8")
UTF8_QP.body_encoding = QP


@dataclass(frozen=True)
class Envelope:
    """Whom a mail goes to, in which language, and what makes it this very mail.

    `reference` names the mail for ever ("signup-12-1"): the Message-ID comes from it,
    so that a repeated attempt carries the same one. `at` is the Date.
    """

    to: str
    reference: str
    at: datetime
    language: str = "en"


def absolute(path: str) -> str:
    """Address of a page of this service as it stands in a mail."""
    return f"{settings.SITE_URL}{path}"


def one_line(text: str) -> str:
    """Make a text safe for a header: no control or invisible character, one line."""
    kept = "".join(
        " " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char
        for char in text
        if unicodedata.category(char) not in {"Cf", "Cs"}
    )
    return " ".join(kept.split())[:MAX_SUBJECT]


def make_message(
    name: str, envelope: Envelope, context: dict[str, object]
) -> EmailMultiAlternatives:
    """Render templates/accounts/email/<name>.* into one mail, text first, then HTML."""
    with translation.override(envelope.language):
        values = {
            **context,
            "language": envelope.language,
            "text_direction": "rtl" if translation.get_language_bidi() else "ltr",
            "site_name": settings.DIGEST_SITE_NAME,
            "site_url": settings.SITE_URL,
            "postal_address": settings.DIGEST_POSTAL_ADDRESS,
        }
        base = f"accounts/email/{name}"
        subject = one_line(
            render_to_string(f"{base}.subject.txt", values, using="text")
        )
        text = render_to_string(f"{base}.txt", values, using="text")
        html = render_to_string(
            f"{base}.html", {**values, "subject": subject}, using="html"
        )
    message = EmailMultiAlternatives(
        subject=subject,
        body=text.strip() + "\n",
        from_email=settings.DIGEST_FROM,
        to=[envelope.to],
        reply_to=[settings.DIGEST_REPLY_TO] if settings.DIGEST_REPLY_TO else None,
        headers={
            "Message-ID": make_message_id(envelope.reference),
            "Date": format_datetime(envelope.at),
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        },
    )
    message.attach_alternative(html, "text/html")
    message.encoding = UTF8_QP
    return message


def make_message_id(reference: str) -> str:
    """Message-ID on the sending domain: same mail, same id; opaque to others."""
    digest = hashlib.blake2b(
        reference.encode(), key=force_bytes(settings.SECRET_KEY)[:64], digest_size=16
    )
    domain = parseaddr(settings.DIGEST_FROM)[1].rpartition("@")[2]
    return f"<{digest.hexdigest()}@{domain}>"


def confirm_url(token: str) -> str:
    """The page with the confirm button. It belongs to the app that shows the papers."""
    view = getattr(settings, "DIGEST_CONFIRM_VIEW", "digest:confirm")
    return absolute(reverse(view, args=[token]))


def confirm_signup(envelope: Envelope, token: str) -> EmailMultiAlternatives:
    """Ask whether it was really this person who signed up."""
    return make_message("confirm", envelope, {"action_url": confirm_url(token)})


def already_subscribed(envelope: Envelope, token: str) -> EmailMultiAlternatives:
    """Tell a known person how to go on; the sign-up page said the same as to others."""
    return make_message(
        "already_subscribed",
        envelope,
        {
            "action_url": confirm_url(token),
            "signin_url": absolute(resolve_url(settings.LOGIN_URL)),
        },
    )


def invited(envelope: Envelope, token: str) -> EmailMultiAlternatives:
    """Ask somebody whom staff invite whether papers shall come."""
    return make_message("invited", envelope, {"action_url": confirm_url(token)})


def signin_code(envelope: Envelope, code: str) -> EmailMultiAlternatives:
    """Bring the code for signing in."""
    return make_message("signin_code", envelope, {"code": code})


def confirm_address(envelope: Envelope, token: str) -> EmailMultiAlternatives:
    """Ask at the new address whether mails shall go there from now on."""
    url = absolute(reverse("accounts:confirm_address", args=[token]))
    return make_message("confirm_address", envelope, {"action_url": url})


def address_changed(envelope: Envelope, masked: str) -> EmailMultiAlternatives:
    """Tell the old address that mails go elsewhere now."""
    return make_message("address_changed", envelope, {"masked": masked})


def operator_note(envelope: Envelope, text: str) -> EmailMultiAlternatives:
    """Tell an operator something: the first line of the text is what it is about."""
    heading, *lines = text.splitlines()
    return make_message(
        "operator_note",
        envelope,
        {
            "note_heading": heading,
            "note_lines": lines,
            "action_url": absolute(reverse("admin:index")),
        },
    )


def accepted(envelope: Envelope, text: str) -> EmailMultiAlternatives:
    """Tell that a proposal was accepted: the name, and its page on the next line."""
    name, _newline, url = text.partition("\n")
    return make_message("accepted", envelope, {"proposal": name, "action_url": url})


def declined(envelope: Envelope, text: str) -> EmailMultiAlternatives:
    """Tell why a proposal was declined: its name is the first line of the text."""
    name, _newline, reason = text.partition("\n")
    return make_message(
        "declined", envelope, {"proposal": name, "reason_lines": reason.splitlines()}
    )


def topic_retired(envelope: Envelope, text: str) -> EmailMultiAlternatives:
    """Tell that a topic brings nothing any more: name, nothing, the curators' words."""
    return _about_topic("topic_retired", envelope, text)


def topic_merged(envelope: Envelope, text: str) -> EmailMultiAlternatives:
    """Tell that another topic takes over: name, the other's name, their words."""
    return _about_topic("topic_merged", envelope, text)


def _about_topic(name: str, envelope: Envelope, text: str) -> EmailMultiAlternatives:
    topic, into, *lines = text.split("\n")
    return make_message(
        name,
        envelope,
        {
            "topic": topic,
            "into": into,
            "word_lines": [line for line in lines if line.strip()],
            "action_url": absolute(resolve_url(settings.LOGIN_REDIRECT_URL)),
        },
    )


def invitation(envelope: Envelope, code: str) -> EmailMultiAlternatives:
    """Bring the code that lets one person sign up."""
    return make_message(
        "invitation", envelope, {"code": code, "action_url": absolute("/")}
    )
