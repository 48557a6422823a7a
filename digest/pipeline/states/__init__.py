"""The state machine of a delivery: the one place that changes `Delivery.state`.

Each move is one conditional UPDATE; the count of rows it hit decides. A delivery
that was handed over and never answered for is UNCERTAIN; only an operator or the
provider's own word takes it out of there. A provider that remembers the mail's key
is asked for that word by handing the mail over again.

    planned ─▶ queued ─▶ claimed ─▶ handoff ─▶ accepted
       │         ▲  │      │  │       ├─▶ queued     (an explicit "not now")
       │         │  │      │  └▶ skipped    ├─▶ failed     (an explicit "never")
       ▼         └──┼──────┘          └─▶ uncertain  (no answer) ─▶ handoff, accepted,
     failed ◀───────┘ expired, poison                            or queued by a person

`table` has the moves, `waiting` what happens before a worker comes, `claims` and
`answers` the worker's way, `lost` what becomes of its rows when it does not return,
`doubts` when a mail may be handed over again, `operator` what a person may say.
"""

from digest.pipeline.states.answers import Accepted, accept, finish, next_attempt
from digest.pipeline.states.claims import (
    LONGEST_SILENCE,
    MAX_ATTEMPTS,
    Claim,
    Sealed,
    claim,
    hand_off,
    is_held,
    is_wanted,
)
from digest.pipeline.states.doubts import askable, hand_off_again
from digest.pipeline.states.lost import MAX_LOST_WORKERS, recover_lost
from digest.pipeline.states.operator import (
    cancel,
    hold,
    release,
    requeue,
    settle,
)
from digest.pipeline.states.table import NOT_SENT, TRANSITIONS, State
from digest.pipeline.states.waiting import (
    cancel_waiting,
    expire,
    fail_rendering,
    postpone,
    queue_rendered,
)

__all__ = [
    "LONGEST_SILENCE",
    "MAX_ATTEMPTS",
    "MAX_LOST_WORKERS",
    "NOT_SENT",
    "TRANSITIONS",
    "Accepted",
    "Claim",
    "Sealed",
    "State",
    "accept",
    "askable",
    "cancel",
    "cancel_waiting",
    "claim",
    "expire",
    "fail_rendering",
    "finish",
    "hand_off",
    "hand_off_again",
    "hold",
    "is_held",
    "is_wanted",
    "next_attempt",
    "postpone",
    "queue_rendered",
    "recover_lost",
    "release",
    "requeue",
    "settle",
]
