"""/.well-known/security.txt (RFC 9116): whom to tell of a hole."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

GOOD_FOR = timedelta(days=90)
"""The standard asks for less than a year; nobody has to remember to renew it."""


@require_safe
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Contact, languages, its own address, and a day on which to look again."""
    day = timezone.now().astimezone(UTC).date() + GOOD_FOR
    fields = {
        "Contact": contact(),
        "Expires": datetime.combine(day, time(), UTC).isoformat(),
        "Preferred-Languages": ", ".join(code for code, _name in settings.LANGUAGES),
        "Canonical": settings.SITE_URL + reverse("security_txt"),
    }
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return HttpResponse(lines, content_type="text/plain; charset=utf-8")


def contact() -> str:
    """What DIGEST_SECURITY_CONTACT says, else where answers to mails go."""
    if settings.DIGEST_SECURITY_CONTACT:
        return str(settings.DIGEST_SECURITY_CONTACT)
    sender = settings.DIGEST_REPLY_TO or settings.DIGEST_FROM
    return f"mailto:{parseaddr(sender)[1]}"
