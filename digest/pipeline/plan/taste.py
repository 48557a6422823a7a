"""A reader's own ranking: their topics' candidates judged anew by what they liked.

Promise: without a liked paper nothing changes. A topic that has a wish is decided anew,
as strictly as the reader asks; where a query alone decides, every match stays, and only
order and reason follow the taste.

The papers that curators picked for the topic teach the shared ranking, not this one:
a reader's first mark would have no weight beside ten of theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from digest import matching
from digest.models import Paper, Subscription, Topic
from digest.pipeline.match.archive import Archive, newest_archive, shelve_kept
from digest.pipeline.match.wishes import read_examples, score_of, scorer_with
from digest.pipeline.match.words import paper_text
from digest.pipeline.plan.gathering import level_of
from digest.pipeline.plan.opinions import Opinion, Opinions
from digest.pipeline.plan.turns import Candidate

Evidence = list[dict[str, object]]

MOST_PIECES = 3


@dataclass(frozen=True, slots=True)
class LearnedTopic:
    """What ranks one topic for one reader, and the liked papers, newest first."""

    topic: Topic
    scorer: matching.TopicScorer
    liked: Sequence[Paper]
    disliked: Sequence[Paper]
    liked_shelf: matching.Shelf


@dataclass(frozen=True, slots=True)
class Taste:
    """A reader's own ranking of the topics that learned something."""

    archive: Archive
    topics: Mapping[int, LearnedTopic]
    saved: frozenset[int]
    examples: Mapping[int, Collection[int]]

    def judge(
        self, candidates: Sequence[Candidate], subscriptions: Sequence[Subscription]
    ) -> list[Candidate]:
        """Score anew what belongs to these topics; leave out what is not wanted."""
        levels = {s.topic_id: level_of(s) for s in subscriptions}
        own = [c for c in candidates if c.topic_id in self.topics]
        rows = _read_stamps({c.paper_id for c in own})
        places = {paper.pk: place for place, paper in enumerate(rows)}
        shelf = shelve_kept(rows, self.archive.background)
        kept = [c for c in candidates if c.topic_id not in self.topics]
        for topic_id, learned in self.topics.items():
            found = [c for c in own if c.topic_id == topic_id]
            part = shelf.take([places[c.paper_id] for c in found])
            verdicts = learned.scorer.judge(part)
            wanted = verdicts.wanted(matching.Strictness[levels[topic_id].name])
            kept += [
                replace(candidate, score=score_of(float(verdicts.probability[place])))
                for place, candidate in enumerate(found)
                if wanted[place] or not learned.topic.wish
            ]
        return kept

    def explain(self, candidates: Sequence[Candidate]) -> dict[int, Evidence]:
        """Why each of these papers, by id, is this reader's."""
        own = [c for c in candidates if c.topic_id in self.topics and not c.is_pick]
        papers = Paper.objects.in_bulk({c.paper_id for c in own})
        return {
            c.paper_id: self._explain(c, papers[c.paper_id])
            for c in own
            if c.paper_id in papers
        }

    def _explain(self, candidate: Candidate, paper: Paper) -> Evidence:
        learned = self.topics[candidate.topic_id]
        # That a paper is close to itself is no reason.
        others = [at for at, one in enumerate(learned.liked) if one.pk != paper.pk]
        liked = matching.Liked(
            learned.liked_shelf.take(others),
            [learned.liked[at].title for at in others],
            [self._way(candidate.topic_id, learned.liked[at].pk) for at in others],
        )
        pieces = [
            asdict(piece)
            for piece in matching.explain(
                learned.scorer,
                matching.prepare(paper_text(paper)),
                shelve_kept([paper], self.archive.background),
                liked,
            )
        ]
        if learned.topic.wish and pieces:
            return pieces
        # What a query asked for stays: an author is no word that a taste would quote.
        close = [piece for piece in pieces if piece["kind"] == "similar"]
        return [*candidate.evidence[: MOST_PIECES - len(close)], *close]

    def _way(self, topic_id: int, paper_id: int) -> matching.LikedWay:
        """How a liked paper came to be one."""
        if paper_id in self.saved:
            return "saved"
        return "example" if paper_id in self.examples.get(topic_id, ()) else "more"


def learn_taste(
    opinions: Opinions, topics: Collection[Topic], archive: Archive | None = None
) -> Taste | None:
    """What the reader's marks make of these topics; None if they teach none of them."""
    learning = opinions.learning()
    learned = [topic for topic in topics if topic.pk in learning]
    archive = archive or (newest_archive() if learned else None)
    if not learned or archive is None:
        return None
    said = {one.paper_id for topic in learned for one in opinions.taught[topic.pk]}
    papers = Paper.objects.only("canonical_id", "changed_at", "title").in_bulk(said)
    examples = read_examples([topic.pk for topic in learned])
    for given in examples.values():
        papers |= {paper.pk: paper for paper in given if paper.pk not in papers}
    saved = frozenset(
        one.paper_id
        for topic in learned
        for one in opinions.taught[topic.pk]
        if one.is_saved
    )
    shelves = _Shelves(papers, archive.background)
    given_ids = {
        topic.pk: [paper.pk for paper in examples.get(topic.pk, ())]
        for topic in learned
    }
    lessons = {
        topic.pk: _Lessons(opinions.taught[topic.pk], given_ids[topic.pk])
        for topic in learned
    }
    made = {
        topic.pk: _learn_topic(
            topic, lessons[topic.pk], shelves, opinions.unlearned, archive.background
        )
        for topic in learned
    }
    return Taste(archive, made, saved, given_ids)


@dataclass(frozen=True, slots=True)
class _Lessons:
    """What one topic learns from: what the reader said, and the topic's examples."""

    said: Sequence[Opinion]
    examples: Sequence[int]

    @property
    def liked(self) -> list[int]:
        """Papers by id. What the reader says of an example counts more than that."""
        known = {one.paper_id for one in self.said}
        liked = [one.paper_id for one in self.said if one.is_liked]
        return [*liked, *(pk for pk in self.examples if pk not in known)]

    @property
    def disliked(self) -> list[int]:
        """Papers by id."""
        return [one.paper_id for one in self.said if not one.is_liked]


class _Shelves:
    """The marked papers on one shelf, from which each topic takes its own."""

    def __init__(
        self, papers: Mapping[int, Paper], background: matching.Background
    ) -> None:
        self._rows = list(papers.values())
        self._places = {paper.pk: place for place, paper in enumerate(self._rows)}
        self._shelf = shelve_kept(self._rows, background)

    def take(self, paper_ids: Sequence[int]) -> tuple[list[Paper], matching.Shelf]:
        """Papers and shelf in this order."""
        places = [self._places[pk] for pk in paper_ids if pk in self._places]
        return [self._rows[place] for place in places], self._shelf.take(places)


def _learn_topic(
    topic: Topic,
    lessons: _Lessons,
    shelves: _Shelves,
    unlearned: frozenset[str],
    background: matching.Background,
) -> LearnedTopic:
    liked, liked_shelf = shelves.take(lessons.liked)
    disliked, disliked_shelf = shelves.take(lessons.disliked)
    marks = matching.Marks(liked_shelf, disliked_shelf, unlearned)
    scorer = scorer_with(wish_of(topic), background, marks)
    return LearnedTopic(topic, scorer, liked, disliked, liked_shelf)


def wish_of(topic: Topic) -> str:
    """What the topic wants in words: its wish, else the words that its query asks."""
    if topic.wish or not topic.query:
        return topic.wish
    try:
        return "\n".join(matching.parse_query(topic.query).wordings())
    except matching.QueryError:
        return ""


def _read_stamps(paper_ids: Collection[int]) -> list[Paper]:
    """The papers without their texts, of which only the stored words are needed."""
    return list(
        Paper.objects.only("canonical_id", "changed_at").filter(pk__in=paper_ids)
    )
