"""The development mail catcher: what would have been sent, shown as it is.

Routed only where settings.MAIL_CATCHER_DIR is set: whoever sees these pages can use
every link in every mail.
"""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from digest.sandbox import sandboxed
from digest.transports.catcher import list_caught, read_caught


@never_cache
@require_safe
def catcher(request: HttpRequest) -> HttpResponse:
    """List the caught mails, newest first."""
    context = {"mails": list_caught(_directory())}
    return render(request, "digest/catcher.html", context)


@never_cache
@require_safe
def caught_mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: headers, text with its links, and the HTML in a frame."""
    mail = _read(name)
    context = {
        "name": name,
        "subject": str(mail["Subject"] or ""),
        "headers": [(key, str(value)) for key, value in mail.items()],
        "text": _part(mail, "plain"),
        "has_html": bool(_part(mail, "html")),
    }
    return render(request, "digest/caught_mail.html", context)


@never_cache
@require_safe
def caught_raw(_request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part as it looks."""
    html = _part(_read(name), "html")
    if not html:
        raise Http404
    return sandboxed(html)


def _directory() -> Path:
    return Path(settings.MAIL_CATCHER_DIR)  # type: ignore[misc]  # set where routed


def _read(name: str) -> EmailMessage:
    try:
        raw = read_caught(_directory(), name)
    except FileNotFoundError as error:
        raise Http404 from error
    return message_from_bytes(raw, _class=EmailMessage, policy=policy.default)


def _part(mail: EmailMessage, subtype: str) -> str:
    """The first text part of that subtype, decoded; empty if there is none."""
    part = mail.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part else ""
