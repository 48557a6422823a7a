"""Whether the settings are whole: Django's own checks, and the webhooks' secret."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.utils.translation import gettext as _

from digest.health.finding import Finding, Verdict, fail, ok, warn

SHORTEST_SECRET = 16


def check(_now: datetime) -> Finding:
    """What `manage.py check` says, with `--deploy` where the site is public."""
    is_public = settings.SITE_URL.startswith("https://")
    messages = run_checks(include_deployment_checks=is_public)
    if not messages:
        return ok(_("The settings are in order."))
    is_wrong = any(message.level >= ERROR for message in messages)
    return Finding(
        Verdict.FAIL if is_wrong else Verdict.WARN,
        " ".join(f"{message.id}: {message.msg}" for message in messages),
        " ".join(message.hint for message in messages if message.hint),
    )


def check_webhook(_now: datetime) -> Finding:
    """Without the secret nobody learns of bounces, for the addresses are shut."""
    if not settings.EMAIL_PROVIDER:
        return ok(_("Mail goes by SMTP, whose answers are seen at once."))
    secret = str(settings.ANYMAIL.get("WEBHOOK_SECRET", ""))
    address = f"{settings.SITE_URL}/anymail/{settings.EMAIL_PROVIDER}/tracking/"
    advice = _(
        "Set ANYMAIL_WEBHOOK_SECRET to user:password, and give the provider the "
        "address {address} with user and password in it."
    ).format(address=address)
    if not secret:
        return fail(_("The webhooks have no secret, and are shut."), advice)
    if ":" not in secret or len(secret) < SHORTEST_SECRET:
        return warn(_("The webhooks' secret is short, or not user:password."), advice)
    return ok(_("A secret guards the webhooks."))
