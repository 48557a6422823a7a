"""What curators do at the desk of a day, so that two of them can do it at once.

Nothing is overwritten unseen: who acts says which version of the desk they look at, and
whatever somebody did since then to the same thing stands against it.
"""

from digest.curating.acts import (
    CannotError,
    arrange,
    hide,
    mark_seen,
    merge,
    pick,
    show,
    unpick,
)
from digest.curating.desk import ChangedError, Seat, seat_of, what_was_done
from digest.curating.ranking import Ranked, rank_day

__all__ = [
    "CannotError",
    "ChangedError",
    "Ranked",
    "Seat",
    "arrange",
    "hide",
    "mark_seen",
    "merge",
    "pick",
    "rank_day",
    "seat_of",
    "show",
    "unpick",
    "what_was_done",
]
