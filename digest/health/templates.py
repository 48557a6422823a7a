"""Whether every template can be read, and a real digest keeps the rules of mails."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.template import TemplateSyntaxError, engines
from django.utils.translation import gettext as _

from digest.health.finding import Finding, Verdict, fail, ok, unknown
from digest.mailcheck import check_message
from digest.models import Delivery
from digest.pipeline.render.mails import build_message

MOST_SHOWN = 3


def check(_now: datetime) -> Finding:
    """Templates of ours, and those that an operator put in their place."""
    broken: list[str] = []
    count = 0
    folder = Path(engines["html"].dirs[0])
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        count += 1
        engine = engines["html" if path.suffix == ".html" else "text"]
        try:
            engine.get_template(str(path.relative_to(folder)))
        except TemplateSyntaxError as error:
            broken.append(f"{path.relative_to(folder)}: {error}")
    if broken:
        return fail("; ".join(broken[:MOST_SHOWN]), _("Mend or restore these files."))
    return ok(_("{count} templates can be read.").format(count=count))


def check_last_digest(now: datetime) -> Finding:
    """The mail that was rendered last, built again and held against every rule."""
    latest = Delivery.objects.filter(edition__isnull=False, digest__user__isnull=False)
    delivery = latest.order_by("-pk").first()
    if delivery is None:
        return unknown(_("No digest has been rendered yet."))
    try:
        raw = build_message(delivery.pk, now).raw
    except ValueError as error:
        return unknown(str(error))
    found = check_message(
        raw,
        kind="digest",
        sending_domain=parseaddr(settings.DIGEST_FROM)[1].rpartition("@")[2],
        postal_address=settings.DIGEST_POSTAL_ADDRESS,
    )
    if not found:
        return ok(_("The last digest keeps every rule of docs/mail-assertions.md."))
    is_broken = any(not violation.is_warning for violation in found)
    return Finding(
        Verdict.FAIL if is_broken else Verdict.WARN,
        "; ".join(f"{each.number}: {each.text}" for each in found[:MOST_SHOWN]),
        _("See docs/mail-assertions.md for what each number asks."),
    )
