"""From claimed rows to letters, whose bytes are those that were queued."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error as DatabaseError

from digest.pipeline import states
from digest.pipeline.render import Mails, Rendered
from digest.pipeline.render.addressed import Addressed
from digest.pipeline.states import Claim
from digest.transports import Letter, Outcome, Verdict

OLDEST_DATE = timedelta(minutes=4)
"""How old a mail's Date may be when it is first handed over (R5 allows five)."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One claimed delivery and its letter."""

    claim: Claim
    addressed: Addressed
    letter: Letter


def make_mails(
    claims: Sequence[Claim], now: datetime
) -> Iterator[Mail | tuple[Claim, Addressed, Verdict]]:
    """Yield each claim's mail, or why it has none, in the order of the claims."""
    mails = Mails([claim.delivery_id for claim in claims])
    for claim in claims:
        addressed = mails.addressed[claim.delivery_id]
        made = _make(claim, addressed, mails, now)
        if isinstance(made, Verdict):
            yield claim, addressed, made
        else:
            yield Mail(claim, addressed, _letter_of(made))


def _letter_of(rendered: Rendered) -> Letter:
    def make_message() -> EmailMessage:
        return rendered.message

    recipient = rendered.addressed.email or ""
    return Letter(settings.DIGEST_FROM, (recipient,), rendered.raw, make_message)


def _make(
    taken: Claim, addressed: Addressed, mails: Mails, now: datetime
) -> Rendered | Verdict:
    if addressed.user_id is None:
        return Verdict(Outcome.ABORTED, "the reader was erased")
    try:
        rendered = mails.write(addressed)
    except DatabaseError:
        raise  # says nothing about this mail; the lease brings it back
    except Exception as error:  # noqa: BLE001  a poison mail must fail alone
        evidence = f"{type(error).__name__}: {error}"
        return Verdict(Outcome.PERMANENT, evidence, phase="build")
    if rendered.content_hash != addressed.content_hash:
        return Verdict(Outcome.PERMANENT, "the mail is not the one that was queued")
    if not _is_stale(addressed, now):
        return rendered
    dated_at = now.astimezone(UTC).replace(microsecond=0)
    rendered = mails.write(addressed._replace(dated_at=dated_at))
    if states.date_anew(taken, dated_at, rendered.content_hash):
        return rendered
    return Verdict(Outcome.ABORTED, "the claim no longer holds")


def _is_stale(addressed: Addressed, now: datetime) -> bool:
    """Whether a mail that nobody was ever handed says that it is from long ago."""
    return (
        addressed.handed_off_at is None
        and addressed.dated_at is not None
        and now - addressed.dated_at > OLDEST_DATE
    )
