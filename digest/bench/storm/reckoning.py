"""The mail server's log against the deliveries: what was lost, doubled, or in doubt.

Pure: lines and rows in, figures and problems out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

PLACES = ("accepted", "failed", "uncertain", "skipped")
MOST_SECONDS = 180.0
"""To the end of the last delivery after the last fault."""

HOLD_SECONDS = 10.0
"""After so long a hold has stopped everything."""

_NOT_SENT = {"failed", "skipped"}


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the log: what the server decided about a message."""

    message_id: str
    recipient: str
    is_taken: bool
    is_silent: bool = False
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One delivery as the service has it, with its number of attempts in the log."""

    message_id: str
    recipient: str
    state: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Losses:
    """What may leave doubts: each breaks off one hand-off at most."""

    kills: int = 0
    stops: int = 0
    limits: int = 0
    restarts: int = 0

    @property
    def hand_offs(self) -> int:
        """How many hand-offs may have been broken off."""
        return self.kills + self.stops + self.limits + self.restarts

    def plus(self, **more: int) -> Losses:
        """The same, with more of some."""
        sums = {name: getattr(self, name) + number for name, number in more.items()}
        return replace(self, **sums)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The figures that are printed, and what does not hold."""

    planned: int
    on_the_wire: int
    places: dict[str, int]
    arrived_in_doubt: int
    unsettled: int
    duplicates: int
    losses: int
    misreported: int
    strangers: int
    while_held: int
    most_uncertain: int
    seconds: float
    problems: Sequence[str] = field(default=())


def reckon(
    decisions: Collection[Decision],
    ledger: Collection[Entry],
    *,
    lost: Losses,
    holds: Collection[tuple[float, float]] = (),
    hand_off_size: int,
    seconds: float,
) -> Reckoning:
    """Set one against the other.

    Unreported losses: called accepted and not taken by the server, or in no place at
    all. Misreported: called failed or skipped, and taken. Strangers: taken without an
    attempt in the log, or for a reader that is not the delivery's. Holds: from when to
    when, in the seconds of the decisions.
    """
    mails = [one for one in decisions if one.is_taken]
    taken = Counter((one.message_id, one.recipient) for one in mails)
    by_reader = Counter(one.recipient for one in mails)
    known = {(row.message_id, row.recipient): row for row in ledger}
    states = Counter(row.state for row in ledger)
    unsettled = sum(states.values()) - sum(states[place] for place in PLACES)
    called = Counter[str]()
    for key, row in known.items():
        if row.state == "accepted" and key not in taken:
            called["lost"] += 1
        if row.state == "uncertain" and key in taken:
            called["arrived"] += 1
        if row.state in _NOT_SENT and key in taken:
            called["misreported"] += 1
    told = Reckoning(
        planned=len(ledger),
        on_the_wire=sum(taken.values()),
        arrived_in_doubt=called["arrived"],
        places={place: states[place] for place in PLACES},
        unsettled=unsettled,
        duplicates=sum(by_reader.values()) - len(by_reader),
        losses=called["lost"] + unsettled,
        misreported=called["misreported"],
        strangers=sum(key not in known or not known[key].attempts for key in taken),
        while_held=sum(
            begun + HOLD_SECONDS < one.at < ended
            for one in mails
            for begun, ended in holds
        ),
        most_uncertain=lost.hand_offs * hand_off_size
        + sum(one.is_silent for one in decisions),
        seconds=seconds,
    )
    return _judge(told)


def _judge(told: Reckoning) -> Reckoning:
    wrong = {
        "duplicates": told.duplicates,
        "unreported losses": told.losses,
        "sent, and called failed or skipped": told.misreported,
        "sent without an attempt in the log": told.strangers,
        "sent while sending was on hold": told.while_held,
    }
    problems = [f"{count} {name}" for name, count in wrong.items() if count]
    if told.places["uncertain"] > told.most_uncertain:
        problems.append(
            f"{told.places['uncertain']} uncertain, at most {told.most_uncertain}"
        )
    if told.seconds > MOST_SECONDS:
        problems.append(f"{told.seconds:.0f} s to the end, at most {MOST_SECONDS:.0f}")
    if not told.on_the_wire:
        problems.append("nothing was sent at all")
    values = {name: getattr(told, name) for name in told.__slots__}
    return Reckoning(**{**values, "problems": tuple(problems)})
