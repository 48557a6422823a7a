"""Whose mail it is: read for many deliveries at once, and what fills their holes."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils import translation
from django.utils.formats import date_format

from accounts.addresses import mask
from digest import links
from digest.models import Delivery, Subscription
from digest.pipeline.render.holes import FEEDBACK


class Addressed(NamedTuple):
    """What a mail needs to know of its delivery, digest and reader.

    Of a reader who was erased nothing is left but the delivery itself.
    """

    id: int
    public_id: uuid.UUID
    message_id: str
    dated_at: datetime | None
    content_hash: str
    handed_off_at: datetime | None
    attempt_count: int
    edition_id: int | None
    digest_id: int
    digest_public_id: uuid.UUID
    cadence: str
    user_id: int | None
    email: str | None
    since: datetime | None
    unsubscribe_token: str | None
    manage_token: str | None
    feedback_token: str | None


_COLUMNS = (
    "pk",
    "public_id",
    "message_id",
    "dated_at",
    "content_hash",
    "handed_off_at",
    "attempt_count",
    "edition_id",
    "digest_id",
    "digest__public_id",
    "digest__cadence",
    "digest__user_id",
    "digest__user__email",
    "digest__user__schedule__created_at",
    "digest__user__schedule__unsubscribe_token",
    "digest__user__schedule__manage_token",
    "digest__user__schedule__feedback_token",
)

Tokens = Mapping[int | None, Mapping[int, str]]
"""Leave tokens by reader and topic."""


def read_addressed(delivery_ids: Sequence[int]) -> dict[int, Addressed]:
    """Read these deliveries, by id."""
    rows = Delivery.objects.filter(pk__any_of=delivery_ids).values_list(*_COLUMNS)
    return {row[0]: Addressed(*row) for row in rows}


def read_leave_tokens(user_ids: Sequence[int | None]) -> Tokens:
    """The tokens with which these readers leave their topics."""
    tokens: dict[int | None, dict[int, str]] = defaultdict(dict)
    readers = [user_id for user_id in set(user_ids) if user_id]
    rows = Subscription.objects.filter(user_id__any_of=readers).order_by()
    for user_id, topic_id, token in rows.values_list(
        "user_id", "topic_id", "leave_token"
    ):
        tokens[user_id][topic_id] = token
    return tokens


def personal_values(
    addressed: Addressed, leave_tokens: Mapping[int, str], language: str
) -> dict[str, str]:
    """What goes into the holes for this reader, in a language."""
    since = addressed.since
    values = {
        "unsubscribe_url": links.unsubscribe_url(addressed.unsubscribe_token or ""),
        "manage_url": links.manage_url(addressed.manage_token or ""),
        FEEDBACK: addressed.feedback_token or "",
        "web_url": links.digest_url(addressed.digest_public_id),
        "address": mask(addressed.email or ""),
        "since": _write_day(since.date(), language) if since else "",
    }
    for topic_id, token in leave_tokens.items():
        values[f"leave_url:{topic_id}"] = links.leave_url(token)
    return values


@lru_cache(maxsize=4096)
def _write_day(when: date, language: str) -> str:
    with translation.override(language):
        return date_format(when, "j F Y")
