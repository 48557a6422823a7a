"""What a reader's topics would bring, as a page shows it: grouped like the mail."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from digest.models import Paper, Topic
from digest.pipeline.plan.choosing import Chosen
from digest.views.cards import Card, Place, make_cards


@dataclass(frozen=True, slots=True)
class Section:
    """One topic's papers, best first."""

    name: str
    cards: tuple[Card, ...]


def sections(chosen: Sequence[Chosen]) -> list[Section]:
    """The papers that a mail would hold, in its order, each with its reason."""
    in_mail = [item for item in chosen if item.is_in_mail]
    papers = Paper.objects.in_bulk([item.candidate.paper_id for item in in_mail])
    beneath: dict[int, list[Paper]] = defaultdict(list)
    for item in in_mail:
        if item.beneath is not None:
            beneath[item.beneath].append(papers[item.candidate.paper_id])
    mailed = [item.candidate for item in in_mail if item.beneath is None]
    places = {
        candidate.paper_id: Place(
            candidate.is_pick,
            candidate.note,
            candidate.evidence,
            beneath[candidate.paper_id],
        )
        for candidate in mailed
    }
    ordered = [papers[candidate.paper_id] for candidate in mailed]
    cards = dict(zip(places, make_cards(ordered, places), strict=True))
    names = dict(Topic.objects.values_list("pk", "name"))
    return [
        Section(names[topic_id], tuple(cards[c.paper_id] for c in group))
        for topic_id, group in groupby(mailed, key=lambda c: c.topic_id)
    ]
