"""Every table of the digest app, in the order of a paper's way."""

from digest.models.keyed import AnyOf, ByKey

from digest.models.source import Batch, Holiday, Source  # isort: skip

from digest.models.paper import Announcement, Paper  # isort: skip
from digest.models.vector import PaperVector  # isort: skip
from digest.models.search import SearchEntry  # isort: skip
from digest.models.work import Merge, PaperEvent, PaperKey  # isort: skip
from digest.models.canonical import CanonicalQuery, QueryKey  # isort: skip
from digest.models.topic import Match, Strictness, Subscription, Topic  # isort: skip
from digest.models.archive import Background, Companion, PaperWords  # isort: skip
from digest.models.taste import Mark, Mute, SavedPaper  # isort: skip
from digest.models.example import Example  # isort: skip
from digest.models.vote import Vote  # isort: skip
from digest.models.trust import ReaderTrust  # isort: skip
from digest.models.desk import DeskChange, DeskDay, SeenPaper  # isort: skip

from digest.models.curation import HiddenPaper, Pick  # isort: skip
from digest.models.submission import Submission  # isort: skip
from digest.models.digest import (  # isort: skip
    Cadence,
    Digest,
    DigestItem,
    Order,
    Schedule,
    Timing,
    Weekday,
)
from digest.models.delivery import (  # isort: skip
    Attempt,
    Delivery,
    DeliveryEvent,
    Edition,
    Fragment,
    Heartbeat,
    SendingHold,
)
from digest.models.reader import Reader  # isort: skip
from digest.models.outcome import OutcomeCount  # isort: skip

__all__ = [
    "Announcement",
    "AnyOf",
    "Attempt",
    "Background",
    "Batch",
    "ByKey",
    "Cadence",
    "CanonicalQuery",
    "Companion",
    "Delivery",
    "DeliveryEvent",
    "DeskChange",
    "DeskDay",
    "Digest",
    "DigestItem",
    "Edition",
    "Example",
    "Fragment",
    "Heartbeat",
    "HiddenPaper",
    "Holiday",
    "Mark",
    "Match",
    "Merge",
    "Mute",
    "Order",
    "OutcomeCount",
    "Paper",
    "PaperEvent",
    "PaperKey",
    "PaperVector",
    "PaperWords",
    "Pick",
    "QueryKey",
    "Reader",
    "ReaderTrust",
    "SavedPaper",
    "Schedule",
    "SearchEntry",
    "SeenPaper",
    "SendingHold",
    "Source",
    "Strictness",
    "Submission",
    "Subscription",
    "Timing",
    "Topic",
    "Vote",
    "Weekday",
]
