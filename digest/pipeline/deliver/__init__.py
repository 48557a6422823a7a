"""Stage 5: hand mails to the transport, at most once, every doubt visible.

The only module that sends digests. The database row decides; a second worker, a
second task or a lost broker changes nothing.
"""

import contextlib
import logging
import os
import socket
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError

from digest.pipeline import states
from digest.pipeline.deliver.letters import Mail, make_mails
from digest.pipeline.deliver.sample import send_sample
from digest.pipeline.deliver.turns import Turns, take_turns
from digest.pipeline.deliver.verdicts import Journal
from digest.pipeline.states import Claim
from digest.transports import Transport, open_transport

logger = logging.getLogger(__name__)

__all__ = ["Turns", "ask_again", "deliver", "send_sample", "take_turns"]

SECONDS_TO_BEGIN = 30.0
"""After so long no further mail is begun: the lease must outlast the last one."""

SECONDS_UNWATCHED = 3.0
"""A hold is to stop everything within 10 seconds (I18)."""


def deliver(delivery_ids: Sequence[int], *, now: datetime) -> dict[int, str]:
    """Try queued deliveries over one connection; the states of those that were ours.

    1. Claim the rows (compare-and-swap, a lease, an attempt in the log).
    2. Build the bytes from stored rows; those of a retry must be the same as before.
       What cannot be built fails alone.
    3. Open the transport. Just before the first byte of a mail, commit HANDOFF for
       all: only this claim, and only readers who still want it.
    4. Write down the verdicts as they come, and before the goodbye to the server:
       the less time between its answer and our row, the fewer doubts. No answer
       after the first byte is UNCERTAIN. A hold stops the mails of the batch that
       were not begun, too: they wait.

    While the postal address is missing nothing is claimed, whatever address the
    stored rows were made with: without it no digest may go.
    """
    if _lacks_address():
        return {}
    dated_at = now.astimezone(UTC).replace(microsecond=0)
    with open_transport() as transport:
        claims = states.claim(delivery_ids, _worker(), now)
        with Journal(now) as journal:
            mails = _make(claims, journal, dated_at)

            def may_hand_off() -> frozenset[int]:
                gone = states.hand_off(
                    [mail.sealed for mail in mails],
                    dated_at=dated_at,
                    now=now,
                    remembered=transport.idempotency,
                )
                places = enumerate(mails)
                return frozenset(at for at, m in places if m.claim.delivery_id in gone)

            _send(transport, mails, may_hand_off, journal)
        return journal.states


def ask_again(delivery_ids: Sequence[int], *, now: datetime) -> dict[int, str]:
    """Hand deliveries in doubt over again, if the provider remembers their keys.

    Same key, same bytes; HANDOFF is committed before anything is built. Only a yes
    settles a delivery, whatever else comes of this leaves it in doubt. While the
    postal address is missing nothing is asked.
    """
    if _lacks_address():
        return {}
    with open_transport() as transport:
        if transport.idempotency is None:
            return {}
        account = transport.idempotency.account
        claims = states.hand_off_again(delivery_ids, account, _worker(), now)
        with Journal(now) as journal:
            mails = _make(claims, journal, now)
            _send(transport, mails, lambda: range(len(mails)), journal)
        return journal.states


def _make(claims: Sequence[Claim], journal: Journal, dated_at: datetime) -> list[Mail]:
    """The mails of the claims; what has none is noted."""
    mails: list[Mail] = []
    for made in make_mails(claims, dated_at):
        if isinstance(made, Mail):
            mails.append(made)
        else:
            journal.note(*made)
    return mails


def _send(
    transport: Transport,
    mails: Sequence[Mail],
    may_hand_off: Callable[[], Collection[int]],
    journal: Journal,
) -> None:
    letters = [mail.letter for mail in mails]
    seconds = getattr(settings, "DIGEST_BEGIN_SECONDS", SECONDS_TO_BEGIN)
    verdicts = transport.send(letters, may_hand_off, seconds)
    looked_at = time.monotonic()
    for mail, verdict in zip(mails, verdicts, strict=True):
        journal.note(mail.claim, mail.addressed, verdict)
        if time.monotonic() - looked_at > SECONDS_UNWATCHED:
            looked_at = time.monotonic()
            if _is_held():
                transport.stop()


def _lacks_address() -> bool:
    """Whether the address is missing that bulk mail must name; said in the log."""
    if settings.DIGEST_POSTAL_ADDRESS:
        return False
    logger.error("DIGEST_POSTAL_ADDRESS is empty: no digest is sent.")
    return True


def _is_held() -> bool:
    """Whether sending is on hold now, as far as the database answers."""
    with contextlib.suppress(InterfaceError, OperationalError):
        return states.is_held()
    return False


def _worker() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
