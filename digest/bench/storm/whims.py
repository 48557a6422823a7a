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


class Answer(StrEnum):
    """What a mail provider's HTTP interface does with one mail."""

    TAKE = "200"
    TOO_MANY = "429"
    INACTIVE = "422, inactive address"
    ERROR_TAKEN = "taken, then 500"
    ERROR_LOST = "500, not taken"
    SILENCE_TAKEN = "taken, then silence"
    SILENCE_LOST = "silence, not taken"
    PAGE_TAKEN = "taken, 200 with a page"


ANSWER_TAKEN = {
    Answer.TAKE,
    Answer.ERROR_TAKEN,
    Answer.SILENCE_TAKEN,
    Answer.PAGE_TAKEN,
}
ANSWER_UNCLEAR = set(Answer) - {Answer.TAKE, Answer.TOO_MANY, Answer.INACTIVE}
"""Each leaves one doubt, which a report may settle."""

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
_ANSWERS = {
    Answer.TOO_MANY: 3.0,
    Answer.INACTIVE: 2.0,
    Answer.ERROR_TAKEN: 2.0,
    Answer.ERROR_LOST: 1.0,
    Answer.SILENCE_TAKEN: 1.0,
    Answer.SILENCE_LOST: 0.5,
    Answer.PAGE_TAKEN: 1.0,
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


def answer(seed: int, recipient: str, visit: int) -> Answer:
    """What a provider does with the mail to a recipient."""
    chances = {**_ANSWERS, Answer.TAKE: 100 - sum(_ANSWERS.values())}
    return _choose(f"{seed} {recipient} {visit}", chances)


def _choose(name: str, chances: Mapping[Kind, float]) -> Kind:
    chance = random.Random(name)  # noqa: S311  the same each time is the point
    return chance.choices(list(chances), list(chances.values()))[0]
