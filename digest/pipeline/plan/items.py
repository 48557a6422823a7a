"""From what was chosen to the items of a digest, not yet written."""

from collections.abc import Iterator, Mapping, Sequence

from digest.models import Digest, DigestItem
from digest.pipeline.plan.choosing import Chosen

ITEM_FIELDS = (
    "digest_id",
    "user_id",
    "paper_id",
    "topic_id",
    "position",
    "is_in_mail",
    "is_pick",
    "note",
    "score",
    "evidence",
    "also_in",
    "is_outside",
    "beneath",
)
"""Of `item_values`; the others keep their defaults."""

NOWHERE_ELSE: list[str] = []
"""`also_in` of most items: one list, so that it is put into words once."""


def make_items(
    digest: Digest, chosen: Sequence[Chosen], names: Mapping[int, str]
) -> list[DigestItem]:
    """The digest's items in their order; the digest need not be saved."""
    items = [
        DigestItem(**dict(zip(ITEM_FIELDS, values, strict=True)))
        for values in item_values(digest, chosen, names)
    ]
    for item in items:
        item.digest = digest
    return items


def item_values(
    digest: Digest, chosen: Sequence[Chosen], names: Mapping[int, str]
) -> Iterator[tuple[object, ...]]:
    """The values of the digest's items, in their order.

    `names`: those of the topics that are only named.
    """
    positions = {c.candidate.paper_id: at for at, c in enumerate(chosen, start=1)}
    digest_id, user_id = digest.pk, digest.user_id
    for position, item in enumerate(chosen, start=1):
        candidate = item.candidate
        yield (
            digest_id,
            user_id,
            candidate.paper_id,
            candidate.topic_id,
            position,
            item.is_in_mail,
            candidate.is_pick,
            candidate.note,
            candidate.score,
            candidate.evidence,
            [names[pk] for pk in item.also_in] if item.also_in else NOWHERE_ELSE,
            item.is_outside,
            None if item.beneath is None else positions[item.beneath],
        )
