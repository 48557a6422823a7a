"""What curators do at the desk of a day, so that two of them can do it at once.

Nothing is overwritten unseen: who acts says which version of the desk they look at, and
whatever somebody did since then to the same thing stands against it.

The rest of what staff do stands in modules of its own: topics retired and merged
(`retiring`), kept as a file (`topic_files`), readers brought along (`inviting`), and
digests looked at before they are due (`previewing`).
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
