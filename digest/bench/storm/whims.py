"""What the mail server does with a session and a message, drawn from the seed.

The same recipient meets the same whims in the same order in every run of a seed,
whichever worker comes with the mail.
"""

import random
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

Kind = TypeVar("Kind", bound=StrEnum)


class Greeting(StrEnum):
    """How a session begins."""

    WELCOME = "a session"
    BUSY = "421 as the banner"
    HANG = "silence before the banner"
    DRIP = "a banner at 1 byte/s"


class Whim(StrEnum):
    """What becomes of one message."""

    TAKE = "250"
    CLOSING = "421 at RCPT"
    GREYLIST = "451 at RCPT"
    FULL = "452 at RCPT"
    NO_MAILBOX = "550 at RCPT"
    DROP_EARLY = "drop before 354"
    CONTENT = "554 after the dot"
    LATER = "451 after the dot"
    HANG_TAKEN = "taken, then silence"
    HANG_LOST = "silence, not taken"
    DROP_TAKEN = "taken, then a drop"
    DROP_LOST = "a drop, not taken"
    DRIP_TAKEN = "taken, told at 1 byte/s"


TAKEN = {Whim.TAKE, Whim.HANG_TAKEN, Whim.DROP_TAKEN, Whim.DRIP_TAKEN}
"""The message is the server's, whatever the sender hears of it."""

SILENT = {
    Whim.HANG_TAKEN,
    Whim.HANG_LOST,
    Whim.DROP_TAKEN,
    Whim.DROP_LOST,
    Whim.DRIP_TAKEN,
}
"""After the dot no whole answer comes in time: each leaves one doubt."""

_GREETINGS = {Greeting.BUSY: 3, Greeting.HANG: 1, Greeting.DRIP: 1}
_WHIMS = {
    Whim.CLOSING: 1.0,
    Whim.GREYLIST: 3.0,
    Whim.NO_MAILBOX: 2.0,
    Whim.DROP_EARLY: 1.0,
    Whim.CONTENT: 1.0,
    Whim.LATER: 1.0,
    Whim.HANG_TAKEN: 0.2,
    Whim.HANG_LOST: 0.2,
    Whim.DROP_TAKEN: 0.5,
    Whim.DROP_LOST: 0.5,
    Whim.DRIP_TAKEN: 0.2,
}
_FULL_FOR_EVER = 0.01


def greet(seed: int, name: str, session: int) -> Greeting:
    """How the session with that number begins."""
    chances = {**_GREETINGS, Greeting.WELCOME: 100 - sum(_GREETINGS.values())}
    return _choose(f"{seed} {name} {session}", chances)


def draw(seed: int, recipient: str, visit: int) -> Whim:
    """What becomes of the mail to a recipient that comes for the so-manieth time."""
    if random.Random(f"{seed} {recipient}").random() < _FULL_FOR_EVER:  # noqa: S311
        return Whim.FULL
    chances = {**_WHIMS, Whim.TAKE: 100 - sum(_WHIMS.values())}
    return _choose(f"{seed} {recipient} {visit}", chances)


def _choose(name: str, chances: Mapping[Kind, float]) -> Kind:
    chance = random.Random(name)  # noqa: S311  the same each time is the point
    return chance.choices(list(chances), list(chances.values()))[0]
