"""Mails of queued deliveries, made from stored rows alone: the same at every retry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from digest.models import Edition
from digest.pipeline.render.addressed import (
    Addressed,
    personal_values,
    read_addressed,
    read_leave_tokens,
)
from digest.pipeline.render.bodies import Bodies
from digest.pipeline.render.message import Rendered, write_message


class Mails:
    """Some deliveries with all that their mails are made of, read in few queries."""

    def __init__(self, delivery_ids: Sequence[int]) -> None:
        self.addressed = read_addressed(delivery_ids)
        self._tokens = read_leave_tokens([a.user_id for a in self.addressed.values()])
        ids = {a.edition_id for a in self.addressed.values() if a.edition_id}
        self._editions = {
            edition.pk: edition for edition in Edition.objects.filter(pk__any_of=ids)
        }
        self._bodies = Bodies(self._editions.values())

    def write(self, addressed: Addressed, dated_at: datetime) -> Rendered:
        """The mail of a delivery that has its edition, in the edition's language.

        A mail that was handed over before keeps its date.

        Raises:
            ValueError: it has no edition, or what it has makes no mail.
        """
        edition = self._editions.get(addressed.edition_id or 0)
        if edition is None:
            raise ValueError(f"Delivery {addressed.id} has no edition.")
        body = self._bodies.of(edition)
        values = personal_values(
            addressed, self._tokens[addressed.user_id], edition.language
        )
        date = addressed.dated_at or dated_at
        return write_message(addressed, edition.subject, body, values, date)


def build_message(delivery_id: int, dated_at: datetime) -> Rendered:
    """The mail of one queued delivery, dated so unless it was handed over before."""
    mails = Mails([delivery_id])
    return mails.write(mails.addressed[delivery_id], dated_at)
