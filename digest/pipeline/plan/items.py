"""From what was chosen to the items of a digest, not yet written."""

from collections.abc import Mapping, Sequence

from digest.models import Digest, DigestItem
from digest.pipeline.plan.choosing import Chosen


def make_items(
    digest: Digest, chosen: Sequence[Chosen], names: Mapping[int, str]
) -> list[DigestItem]:
    """The digest's items in their order; the digest need not be saved.

    `names`: those of the topics that are only named.
    """
    positions = {c.candidate.paper_id: at for at, c in enumerate(chosen, start=1)}
    return [
        DigestItem(
            digest=digest,
            user_id=digest.user_id,
            paper_id=item.candidate.paper_id,
            topic_id=item.candidate.topic_id,
            position=position,
            is_in_mail=item.is_in_mail,
            is_pick=item.candidate.is_pick,
            note=item.candidate.note,
            score=item.candidate.score,
            evidence=item.candidate.evidence,
            also_in=[names[topic_id] for topic_id in item.also_in],
            is_outside=item.is_outside,
            beneath=None if item.beneath is None else positions[item.beneath],
        )
        for position, item in enumerate(chosen, start=1)
    ]
