"""Small steps that the tests of the reader's pages are told in."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.core import mail, signing
from django.core.serializers import serialize
from django.test import Client

from accounts.models import Signup
from accounts.tokens import FORM_SALT
from digest.models import Schedule
from tests.factories import NOW


def sign_up(client: Client, email: str, **fields: Any) -> Any:
    """Fill in the form as a person would, ten seconds after it was shown."""
    sent = {"email": email, "topics": ["daily-papers"], "zone": "Europe/Paris"}
    return client.post("/subscribe/", {"shown": form_token(), **sent, **fields})


def form_token(age_seconds: float = 10) -> str:
    """The signed time of a form that was shown so long before `NOW`."""
    return signing.dumps(NOW.timestamp() - age_seconds, salt=FORM_SALT)


def confirm_path(email: str) -> str:
    """Path of the link that the confirmation mail brings."""
    return f"/confirm/{Signup.objects.get(email=email).token}/"


def mailed_path(pattern: str) -> str:
    """Path of the last mail's first link that matches."""
    text = str(mail.outbox[-1].body)
    found = re.search(rf"https://papers\.example\.org({pattern})", text)
    assert found, text
    return found[1]


def manage(client: Client, schedule: Schedule) -> Any:
    """Follow the link of a mail to the preferences."""
    return client.get(f"/m/{schedule.manage_token}/")


def all_rows() -> str:
    """Every row of every table, to see that none changed."""
    return "\n".join(
        serialize("json", model._default_manager.order_by("pk"))
        for model in apps.get_models()
    )


def page_of(reader: Client) -> str:
    """The preferences page as text."""
    return reader.get("/preferences/").content.decode()


def one_click(machine: Client, url: str, **extra: Any) -> Any:
    """What a mail program posts for RFC 8058."""
    return machine.post(
        url,
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        **extra,
    )
