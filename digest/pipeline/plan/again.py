"""One digest once more: a new digest and delivery, at an operator's explicit word.

What failed or was cancelled goes with those of its papers that the reader has not got
meanwhile. What was accepted goes as it was: its papers then have an occasion of their
own, so that the promise "no paper twice" is broken here alone, for a stored reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import services as accounts
from digest.models import Delivery, Digest, DigestItem, Schedule
from digest.pipeline.plan.items import ITEM_FIELDS
from digest.pipeline.plan.rules import is_paused
from digest.pipeline.plan.writing import make_delivery
from digest.pipeline.states import NOT_SENT, State

LATENESS = timedelta(hours=18)
"""How long the new mail may take: the day on which somebody asked for it."""

NEW = "new"

COPIED = tuple(name for name in ITEM_FIELDS if name != "digest_id")


class CannotSendAgainError(Exception):
    """The text says why, for people."""


def plan_again(delivery_id: int, why: str, *, now: datetime) -> int:
    """Plan the digest of an ended delivery once more; the id of the new delivery.

    `why` is kept with the new digest. A second press finds the first one's digest.

    Raises:
        CannotSendAgainError: it has not ended, or in doubt; the reader left or must
            not be written to; it is on its way again; or nothing of it is left.
    """
    try:
        with transaction.atomic():
            return _plan(delivery_id, why, now)
    except IntegrityError as error:
        raise CannotSendAgainError(_("It is on its way again already.")) from error


def _plan(delivery_id: int, why: str, now: datetime) -> int:
    deliveries = Delivery.objects.select_related("digest__user")
    delivery = deliveries.select_for_update(of=("self",)).get(pk=delivery_id)
    state, original = State(delivery.state), delivery.digest
    if state not in {*NOT_SENT, State.ACCEPTED}:
        raise CannotSendAgainError(_("It has not ended yet, or nobody knows how."))
    _require_wanted(original, now)
    first = original.again_of or original
    before = list(
        Digest.objects.filter(again_of=first).values_list("delivery__state", flat=True)
    )
    if any(state not in {*NOT_SENT, State.ACCEPTED} for state in before):
        raise CannotSendAgainError(_("It is on its way again already."))
    again = Digest(
        user=original.user,
        cadence=first.cadence,
        period_key=f"{first.period_key}+{len(before) + 1}",
        due_at=first.due_at,
        zone=first.zone,
        planned_at=now,
        status=Digest.Status.PLANNED,
        coverage=first.coverage,
        again_of=first,
        again_why=why[:300],
    )
    is_repeated = state == State.ACCEPTED
    occasion = f"again-{len(before) + 1}" if is_repeated else NEW
    items = _copy_items(original, again, occasion)
    if not any(item.is_in_mail for item in items):
        raise CannotSendAgainError(_("Its papers came with a later digest."))
    again.save()
    DigestItem.objects.bulk_create(items)
    made = make_delivery(again, expires_at=now + LATENESS, now=now)
    made.save()
    return made.pk


def _require_wanted(digest: Digest, now: datetime) -> None:
    schedule = Schedule.objects.filter(user=digest.user_id).first()
    if digest.user is None or schedule is None or not digest.user.is_active:
        raise CannotSendAgainError(_("Its reader is gone."))
    if schedule.ended_at:
        raise CannotSendAgainError(_("Its reader has left."))
    if is_paused(schedule, now):
        raise CannotSendAgainError(_("Its reader has paused."))
    if accounts.is_suppressed(digest.user.email, scope="digests"):
        raise CannotSendAgainError(_("Its address must not be written to."))


def _copy_items(source: Digest, again: Digest, occasion: str) -> Sequence[DigestItem]:
    """The items under the new digest; of `NEW`, those whose papers are free."""
    items = source.items.order_by("position")
    if occasion == NEW:
        had = DigestItem.objects.filter(user=again.user, released_at__isnull=True)
        items = items.exclude(paper__in=had.values("paper"))
    else:
        items = items.filter(is_in_mail=True)
    kept = list(items)
    places = {item.position for item in kept}
    copied = [{name: getattr(item, name) for name in COPIED} for item in kept]
    for values in copied:
        if values["beneath"] not in places:
            values["beneath"] = None
    return [DigestItem(digest=again, occasion=occasion, **values) for values in copied]
