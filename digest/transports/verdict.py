"""What became of one message, in the same words for every way of sending it."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

EVIDENCE_LENGTH = 500
PROVIDER_ID_LENGTH = 200
NOT_ALLOWED = "the hand-off was refused"
# Control, format (bidi, zero-width), surrogate, unassigned, line and paragraph ends.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


class Outcome(StrEnum):
    """The ends of a try. Only `UNCERTAIN` leaves a doubt."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"  # not sent; try again later
    PERMANENT = "permanent"  # not sent; this message or recipient never will be
    QUEUE_PROBLEM = "queue_problem"  # not sent; our account or set-up, no one else's
    UNCERTAIN = "uncertain"  # may have been sent; must not be repeated in silence
    ABORTED = "aborted"  # not sent; the caller refused the hand-off
    NOT_BEGUN = "not_begun"  # not sent; there was no time to try


@dataclass(frozen=True)
class Verdict:
    """The outcome with its evidence: an SMTP reply, a provider's id or an error.

    `evidence` is one non-empty line of at most 500 characters. `phase` names how far
    the try had come. `retry_after_seconds` is the provider's wish, 60 s to 24 h.
    """

    outcome: Outcome
    evidence: str
    provider_id: str = ""
    phase: str = ""
    retry_after_seconds: int | None = None

    def __post_init__(self) -> None:
        """Clean what came from outside, so that every table and log can hold it."""
        evidence = clean_line(self.evidence)[:EVIDENCE_LENGTH] or str(self.outcome)
        object.__setattr__(self, "evidence", evidence)
        provider_id = clean_line(self.provider_id)[:PROVIDER_ID_LENGTH]
        object.__setattr__(self, "provider_id", provider_id)


def clean_line(text: str) -> str:
    """Put text on one line: unprintable characters become blanks, blanks are merged."""
    if text.isprintable():
        return " ".join(text.split())
    printable = (
        " " if unicodedata.category(character) in _UNPRINTABLE else character
        for character in text
    )
    return " ".join("".join(printable).split())
