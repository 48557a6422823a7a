"""From claimed rows to letters; a retry's bytes are those that were handed over."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import Error as DatabaseError

from digest.pipeline.deliver.shared import share
from digest.pipeline.render import Mails, Rendered
from digest.pipeline.render.addressed import Addressed
from digest.pipeline.states import Claim, Sealed
from digest.transports import Letter, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Mail:
    """One claimed delivery and its letter."""

    sealed: Sealed
    addressed: Addressed
    letter: Letter

    @property
    def claim(self) -> Claim:
        """The right to it."""
        return self.sealed.claim


def make_mails(
    claims: Sequence[Claim], dated_at: datetime
) -> Iterator[Mail | tuple[Claim, Addressed, Verdict]]:
    """Yield each claim's mail, or why it has none, in the order of the claims."""
    mails = Mails([claim.delivery_id for claim in claims])
    for claim in claims:
        addressed = mails.addressed[claim.delivery_id]
        made = _make(addressed, mails, dated_at)
        if isinstance(made, Verdict):
            yield claim, addressed, made
        else:
            sealed = Sealed(claim, made.content_hash)
            yield Mail(sealed, addressed, letter_of(made))


def letter_of(rendered: Rendered) -> Letter:
    """The mail as the transports take it."""

    def make_message() -> EmailMessage:
        return rendered.message

    def make_key() -> str:
        return str(uuid.uuid5(rendered.addressed.public_id, rendered.content_hash))

    return Letter(
        settings.DIGEST_FROM,
        (rendered.addressed.email or "",),
        lambda: rendered.raw,
        make_message,
        is_wire_safe=True,
        make_key=make_key,
        shared=share(rendered),
    )


def _make(addressed: Addressed, mails: Mails, dated_at: datetime) -> Rendered | Verdict:
    if addressed.user_id is None:
        return Verdict(Outcome.ABORTED, "the reader was erased")
    try:
        rendered = mails.write(addressed, dated_at)
    except DatabaseError:
        raise  # says nothing about this mail; the lease brings it back
    except Exception as error:  # noqa: BLE001  a poison mail must fail alone
        evidence = f"{type(error).__name__}: {error}"
        return Verdict(Outcome.PERMANENT, evidence, phase="build")
    if addressed.dated_at and rendered.content_hash != addressed.content_hash:
        evidence = "the mail is not the one that was handed over before"
        return Verdict(Outcome.PERMANENT, evidence)
    return rendered
