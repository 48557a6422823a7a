"""The very mail of a digest that is not planned yet; no row is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from digest import links
from digest.models import Digest, DigestItem
from digest.pipeline.plan.writing import sending_domain
from digest.pipeline.render.addressed import Addressed, personal_values
from digest.pipeline.render.bodies import make_body
from digest.pipeline.render.content import Frame, Reading
from digest.pipeline.render.edition import draft
from digest.pipeline.render.message import Rendered, write_message
from digest.pipeline.render.standing import Item

UNSAVED = 0
"""Stands for the id of what has none."""


def preview_mail(digest: Digest, items: Sequence[DigestItem]) -> Rendered:
    """The mail that this digest would be, dated when it was planned.

    Links of the reader's papers work. Those that last for ever and open or end
    something are led to the pages that ask who is there.
    """
    schedule = digest.reader.schedule
    addressed = _address(
        digest, digest.reader.email, schedule.created_at, schedule.feedback_token
    )
    return _write(digest, items, addressed, schedule.language)


def sample_mail(
    digest: Digest, items: Sequence[DigestItem], *, language: str, to: str
) -> Rendered:
    """The same for somebody else to look at: no link in it acts for the reader.

    `to` is the address in it, and the one that it may be sent to. Its subject says
    that it is a test.
    """
    addressed = _address(digest, to, digest.planned_at, "")
    addressed = addressed._replace(
        message_id=f"<{digest.public_id.hex}@{sending_domain()}>"
    )
    return _write(digest, items, addressed, language, is_test=True)


def _write(
    digest: Digest,
    items: Sequence[DigestItem],
    addressed: Addressed,
    language: str,
    *,
    is_test: bool = False,
) -> Rendered:
    reading = Reading({UNSAVED: [_item(item) for item in items]}, {UNSAVED: len(items)})
    frame = Frame(
        digest.cadence, digest.due_at, digest.zone, json.dumps(digest.coverage)
    )
    with translation.override(language):
        drafted = draft(reading, UNSAVED, frame)
        values = personal_values(addressed, {}, language)
        subject = drafted.edition.subject
        if is_test:
            subject = _("Test: {subject}").format(subject=subject)
    preferences = links.absolute(reverse("digest:preferences"))
    values["manage_url"] = values["unsubscribe_url"] = preferences
    values["web_url"] = links.absolute(reverse("digest:next_digest"))
    body = make_body(drafted.edition, drafted.pieces)
    return write_message(addressed, subject, body, values, digest.planned_at)


def _item(item: DigestItem) -> Item:
    return Item(
        item.position,
        item.beneath,
        item.paper_id,
        item.topic_id,
        item.is_in_mail,
        item.is_outside,
        item.is_pick,
        item.note,
        json.dumps(item.evidence),
        json.dumps(item.also_in),
    )


def _address(
    digest: Digest, email: str, since: datetime, feedback_token: str
) -> Addressed:
    return Addressed(
        id=UNSAVED,
        public_id=digest.public_id,
        message_id="",
        dated_at=None,
        content_hash="",
        handed_off_at=None,
        attempt_count=0,
        edition_id=None,
        digest_id=UNSAVED,
        digest_public_id=digest.public_id,
        cadence=digest.cadence,
        user_id=digest.user_id,
        email=email,
        since=since,
        unsubscribe_token="",
        manage_token="",
        feedback_token=feedback_token,
    )
