"""How a digest's papers stand: by topic, those that say nearly the same together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from digest.models import DigestItem


class Item(NamedTuple):
    """What is read of one paper of a digest. `evidence` and `also_in` are JSON."""

    position: int
    beneath: int | None
    paper_id: int
    topic_id: int | None
    is_in_mail: bool
    is_outside: bool
    is_pick: bool
    note: str
    evidence: str
    also_in: str


Placed = TypeVar("Placed", DigestItem, Item)


@dataclass(frozen=True, slots=True)
class Standing(Generic[Placed]):
    """An item that has a place, and those named beneath it."""

    item: Placed
    beneath: list[Placed] = field(default_factory=list)

    @property
    def paper_count(self) -> int:
        """Papers at this place."""
        return 1 + len(self.beneath)


def arrange(items: Iterable[Placed]) -> list[Standing[Placed]]:
    """Give the items their places, in order.

    One whose paper above is not among them (a curator hid it) has a place itself.
    """
    places: dict[int, Standing[Placed]] = {}
    for item in items:
        above = places.get(item.beneath or 0)
        if above is None:
            places[item.position] = Standing(item)
        else:
            above.beneath.append(item)
    return list(places.values())


def group_by_topic(
    standings: Iterable[Standing[Placed]],
) -> list[list[Standing[Placed]]]:
    """The places topic by topic, in the order in which the topics come first.

    What is outside the reader's topics has a group of its own.
    """
    groups: dict[tuple[bool, int | None], list[Standing[Placed]]] = {}
    for standing in standings:
        key = (standing.item.is_outside, standing.item.topic_id)
        groups.setdefault(key, []).append(standing)
    return list(groups.values())
