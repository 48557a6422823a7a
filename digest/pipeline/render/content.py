"""What a digest says, as plain values: its topics, their papers, what is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from digest.models import DigestItem, HiddenPaper, Topic
from digest.pipeline.render import fates, fragments, wording
from digest.pipeline.render.holes import OWN
from digest.pipeline.render.paper import facts_in, read_papers, wrap
from digest.pipeline.render.piece import PaperFacts, Piece, Shown
from digest.pipeline.render.standing import Item, Standing, group_by_topic
from digest.sources.text import one_line

NAME_LENGTH, DESCRIPTION_LENGTH = 80, 300


COLUMNS = (*Item._fields[:-2], "evidence_text", "also_in_text")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a digest is apart from its papers. `coverage` is JSON as stored."""

    cadence: str
    due_at: datetime
    zone: str
    coverage: str

    @property
    def day(self) -> date:
        """The reader's own day."""
        return self.due_at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True, slots=True)
class Section:
    """One topic's part of a digest."""

    topic_id: int
    name: str
    description: str
    papers: tuple[Shown, ...]
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """All that an edition says."""

    frame: Frame
    sections: tuple[Section, ...]
    more: int

    @property
    def day(self) -> date:
        """The reader's own day."""
        return self.frame.day

    @property
    def paper_count(self) -> int:
        """Papers in the mail."""
        return sum(len(section.papers) for section in self.sections)


def read_items(digest_ids: Sequence[int]) -> dict[int, list[Item]]:
    """What is in the mails of these digests, in order, unless a curator hid it."""
    found: dict[int, list[Item]] = {}
    rows = (
        _left(digest_ids)
        .filter(is_in_mail=True)
        .annotate(
            evidence_text=Cast("evidence", TextField()),
            also_in_text=Cast("also_in", TextField()),
        )
        .order_by("digest_id", "position")
        .values_list("digest_id", *COLUMNS)
    )
    for digest_id, *values in rows:
        found.setdefault(digest_id, []).append(Item(*values))
    return found


def count_items(digest_ids: Sequence[int]) -> dict[int, int]:
    """How many papers these digests have, with those that the caps hold back."""
    counts = _left(digest_ids).values("digest_id").annotate(papers=Count("pk"))
    return dict(counts.values_list("digest_id", "papers"))


def _left(digest_ids: Sequence[int]) -> QuerySet[DigestItem]:
    # Joining papers made PostgreSQL begin with all of a day's papers.
    hidden = HiddenPaper.objects.filter(paper_id=OuterRef("paper_id"))
    items = DigestItem.objects.filter(digest_id__any_of=digest_ids)
    return items.filter(~Exists(hidden), released_at__isnull=True)


class Reading:
    """The papers and topics of some digests, each read once."""

    def __init__(
        self, items_of: Mapping[int, Sequence[Item]], counts: Mapping[int, int]
    ) -> None:
        """`counts`: the papers of each digest, with those that are held back."""
        self._items, self._counts = items_of, counts
        items = [item for found in items_of.values() for item in found]
        topic_ids = {item.topic_id for item in items if item.topic_id}
        self.topics: Mapping[int, Topic] = Topic.objects.in_bulk(topic_ids)
        self._papers = read_papers({item.paper_id for item in items})
        self._facts: dict[tuple[str, int], PaperFacts] = {}
        # People here name topics as they like; a subject is one clean line.
        self.names = {
            topic.pk: (
                one_line(topic.name, NAME_LENGTH),
                one_line(topic.description, DESCRIPTION_LENGTH),
            )
            for topic in self.topics.values()
        }

    def items(self, digest_id: int) -> Sequence[Item]:
        """The papers of one digest, in order."""
        return self._items.get(digest_id, [])

    def count(self, digest_id: int) -> int:
        """How many papers the digest has, with those that are held back."""
        return self._counts.get(digest_id, 0)

    def shown(self, standing: Standing[Item], language: str) -> Shown:
        """One place of a digest, with all that is said of it in the active language."""
        item = standing.item
        return Shown(
            self._facts_of(item.paper_id, language),
            item.evidence,
            item.note,
            item.is_pick,
            item.also_in,
            tuple(
                self._facts_of(other.paper_id, language) for other in standing.beneath
            ),
        )

    def _facts_of(self, paper_id: int, language: str) -> PaperFacts:
        known = self._facts.get((language, paper_id))
        if known is None:
            known = facts_in(language, settings.SITE_URL, self._papers[paper_id])
            self._facts[language, paper_id] = known
        return known


def make_content(
    reading: Reading, frame: Frame, standings: Sequence[Standing[Item]], held: int
) -> Content:
    """Put the places under their topics."""
    language = fragments.language_code()
    sections = []
    for part in group_by_topic(standings):
        topic_id = part[0].item.topic_id
        name, about = reading.names.get(topic_id or 0, ("", ""))
        papers = tuple(reading.shown(standing, language) for standing in part)
        if part[0].item.is_outside:
            name = _("Outside your topics")
            sections.append(Section(0, name, "", papers, is_outside=True))
            continue
        sections.append(
            Section(topic_id or 0, name or _("Other papers"), about, papers)
        )
    return Content(frame, tuple(sections), held)


def make_pieces(content: Content, abstract_length: int) -> list[Piece]:
    """The pieces that stand in the shell, one after the other."""
    language = fragments.language_code()
    pieces = []
    for section in content.sections:
        pieces.append(fragments.section(section.name, section.description, language))
        pieces += [
            fragments.paper(shown, abstract_length, language)
            for shown in section.papers
        ]
        if section.topic_id:
            pieces.append(fragments.leave(section.name, section.topic_id, language))
    if content.more:
        pieces.append(fragments.more(content.more, language))
    return pieces


def make_shell() -> Piece:
    """What stands around the pieces."""
    return fragments.shell(
        fragments.language_code(),
        settings.DIGEST_SITE_NAME,
        settings.DIGEST_POSTAL_ADDRESS,
    )


def make_coverage(content: Content) -> Piece:
    """The honest line."""
    return _cover(fragments.language_code(), content.frame.coverage)


@lru_cache(maxsize=256)
def _cover(language: str, coverage: str) -> Piece:  # noqa: ARG001  it is active
    covered, missing = fates.coverage(json.loads(coverage))
    return fragments.coverage(covered, tuple(missing))


def make_texts(content: Content) -> dict[str, str]:
    """What fills the shell's own holes; "subject" is the mail's, too."""
    lead, topics = wording.lead(content), wording.topics(content)
    return dict(
        zip(
            OWN,
            (
                wording.subject(content),
                _head(fragments.language_code(), content.day, content.frame.cadence),
                lead,
                topics,
                wrap(lead),
                wrap(topics),
            ),
            strict=True,
        )
    )


@lru_cache(maxsize=64)
def _head(language: str, day: date, cadence: str) -> str:  # noqa: ARG001  it is active
    return wording.heading(day, cadence)
