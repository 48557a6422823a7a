"""What was measured, and whether it is good enough."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from statistics import median

from digest.bench.bounds import Bound

LEAST_OF_SOURCE = 0.70
LEAST_OF_SOURCE_SMALL = 0.55
LEAST_OF_SOURCE_WHOLE = 0.45
LEAST_OF_DJANGO = 10.0
MOST_CPU_SECONDS = 0.2
"""Of the workers' processors, for 1,000 digests."""

SMALL = 50
"""The smaller hand-off, which leaves fewer doubts when a worker dies."""


class Row(StrEnum):
    """What is timed, in the order of the table."""

    SOURCE = "source"
    WHOLE = "whole"
    RENDER = "render"
    SEND = "send"
    SEND_SMALL = "send_small"
    SHARED = "shared"
    SMTPLIB = "smtplib"
    DJANGO = "django"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Lap:
    """So many mails in so many seconds."""

    messages: int
    seconds: float

    @property
    def rate(self) -> float:
        """Mails in a second."""
        return self.messages / self.seconds


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be measured, as the command line says."""

    digests: int
    editions: int
    papers: int
    rounds: int
    hand_off: int
    workers: int


@dataclass(frozen=True, slots=True)
class Shares:
    """Of the seconds of the workers' tasks: at work, and waiting for the sink."""

    working: float
    waiting: float

    @classmethod
    def of(cls, told: Iterable[Path]) -> Shares:
        """Read what the tasks wrote: seconds, those at work, those of waiting."""
        tasks = [json.loads(path.read_text()) for path in told]
        seconds, working, waiting = (sum(column) for column in zip(*tasks, strict=True))
        return cls(working / seconds, waiting / seconds)


@dataclass(frozen=True, slots=True)
class Growth:
    """How much more memory the workers have, after so many digests more."""

    digests: int
    megabytes: float


@dataclass(slots=True)
class Outcome:
    """The laps of each row, one a round, and what else was seen."""

    wanted: Wanted
    mail_bytes: int = 0
    plain_mail_bytes: int = 0
    shared_editions: int = 0
    laps: dict[Row, list[Lap]] = field(default_factory=lambda: defaultdict(list))
    cpu_seconds: list[float] = field(default_factory=list)
    peak_megabytes: float = 0.0
    growth: Growth | None = None
    requests_at_once: int = 0
    shares: Shares | None = None
    counted_by_sink: bool = True
    problems: list[str] = field(default_factory=list)

    def rates(self, row: Row) -> list[float]:
        """Mails in a second, of each round."""
        return [lap.rate for lap in self.laps[row]]

    def ratio(self, row: Row, to: Row) -> float:
        """How fast a row was beside another of the same round, at the median."""
        pairs = zip(self.rates(row), self.rates(to), strict=True)
        return median(one / other for one, other in pairs)

    @property
    def cpu(self) -> float:
        """Seconds of the workers' processors for 1,000 digests sent."""
        return median(self.cpu_seconds)

    @property
    def bounds(self) -> Sequence[Bound]:
        """All that must hold, as far as it was measured."""
        is_small = self.wanted.hand_off <= SMALL
        usual = LEAST_OF_SOURCE_SMALL if is_small else LEAST_OF_SOURCE
        least = [
            (Row.SEND, Row.SOURCE, usual),
            (Row.SEND_SMALL, Row.SOURCE, LEAST_OF_SOURCE_SMALL),
            (Row.WHOLE, Row.SOURCE, LEAST_OF_SOURCE_WHOLE),
            (Row.SEND, Row.DJANGO, LEAST_OF_DJANGO),
            (Row.SHARED, Row.SEND, 1.0),
        ]
        found = [
            Bound(f"{row}/{to}", self.ratio(row, to), limit)
            for row, to, limit in least
            if self.laps[row]
        ]
        return [*found, Bound("cpu", self.cpu, MOST_CPU_SECONDS, is_least=False)]

    @property
    def holds(self) -> bool:
        """Whether every mail went once, and all was fast enough."""
        return not self.problems and all(bound.holds for bound in self.bounds)
