"""What a reader's topics would bring, as a page shows it: grouped like the mail."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

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
    outside = {item.candidate.paper_id for item in in_mail if item.is_outside}
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
        Section(
            _("Outside your topics") if is_outside else names[topic_id],
            tuple(cards[c.paper_id] for c in group),
        )
        for (is_outside, topic_id), group in groupby(
            mailed, key=lambda c: (c.paper_id in outside, c.topic_id)
        )
    ]
