"""Small steps at the desk: who sits there, and how an action is pressed."""

import re
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import User
from digest.models import Delivery, Topic
from tests.factories import NOW, make_digest, make_reader


def sit_down(email: str = "curator@example.org") -> Client:
    """A browser in which an administrator is signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser(email))
    return client


def sit_down_with(*codenames: str) -> Client:
    """A browser of a staff member who has these rights and no others."""
    user = User.objects.create_user("helper@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


def address(model: type[Model], page: str = "changelist", *args: object) -> str:
    """Path of an admin page of a table."""
    return reverse(
        f"admin:{model._meta.label_lower.replace('.', '_')}_{page}", args=args
    )


def press(client: Client, action: str, *rows: Model, **answers: Any) -> Any:
    """Choose an action for rows; with answers, as its page sends them back."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], **answers}
    return client.post(address(type(rows[0])), data, follow=True)


def answer(client: Client, action: str, *rows: Model, **answers: Any) -> Any:
    """Send the filled-in page of an action."""
    return press(client, action, *rows, answered="yes", **answers)


def make_delivery(state: str = "queued", **fields: Any) -> Delivery:
    """A delivery of a digest of a reader of its own."""
    digest = fields.pop("digest", None) or make_digest(make_reader())
    known = {
        "accepted": {"evidence": "250 ok"},
        "failed": {"reason": "expired"},
        "skipped": {"reason": "unsubscribed"},
        "uncertain": {"reason": "the worker was lost during the hand-off"},
    }
    return Delivery.objects.create(
        digest=digest,
        state=state,
        message_id=f"<{digest.public_id.hex}@example.org>",
        next_attempt_at=NOW,
        expires_at=NOW,
        **{**known.get(state, {}), **fields},
    )


def save_topic(client: Client, topic: Topic, typed: dict[str, Any]) -> Any:
    """Save a topic; what that would change is shown first, and confirmed."""
    path = address(Topic, "change", topic.pk)
    page = client.post(path, typed)
    seen = re.search(r'name="looked_at" value="(\w+)"', page.content.decode())
    return client.post(path, {**typed, "looked_at": seen[1]}) if seen else page
