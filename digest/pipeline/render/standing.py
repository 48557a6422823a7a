"""How a digest's papers stand: by topic, those that say nearly the same together."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from digest.models import DigestItem


@dataclass(frozen=True, slots=True)
class Standing:
    """An item that has a place, and those named beneath it."""

    item: DigestItem
    beneath: list[DigestItem] = field(default_factory=list)

    @property
    def paper_count(self) -> int:
        """Papers at this place."""
        return 1 + len(self.beneath)


def arrange(items: Iterable[DigestItem]) -> list[Standing]:
    """Give the items their places, in order.

    One whose paper above is not among them (a curator hid it) has a place itself.
    """
    places: dict[int, Standing] = {}
    for item in items:
        above = places.get(item.beneath or 0)
        if above is None:
            places[item.position] = Standing(item)
        else:
            above.beneath.append(item)
    return list(places.values())


def group_by_topic(standings: Iterable[Standing]) -> list[list[Standing]]:
    """The places topic by topic, in the order in which the topics come first.

    What is outside the reader's topics has a group of its own.
    """
    groups: dict[tuple[bool, int | None], list[Standing]] = {}
    for standing in standings:
        key = (standing.item.is_outside, standing.item.topic_id)
        groups.setdefault(key, []).append(standing)
    return list(groups.values())
