"""What readers say of papers: saved, more like this, not for me, muted; and undone.

Each can be said again without harm, and taken back. A paper stands for its work: what
is said of a duplicate is said of the paper that it was merged into. The next digest
that is planned follows it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from digest import matching
from digest.models import Mark, Mute, Paper, SavedPaper, Topic
from digest.pipeline.plan.opinions import read_opinions
from digest.pipeline.plan.taste import learn_taste

MOST_MUTES = 200

TEXT_LENGTH = 200


class MuteRefusedError(ValueError):
    """What cannot be muted. `code`: "empty", "too_long", "too_many" or a query error's.

    The codes of query errors are those of `matching.QUERY_ERRORS`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Learned:
    """What one topic learned from a reader: words and papers.

    A term goes by `mute_learned(user, term.stem)`, a paper by `undo` and `unsave`.
    """

    terms: Sequence[matching.LearnedTerm]
    liked: Sequence[Paper]
    disliked: Sequence[Paper]


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader has said of one paper: whether it is saved, and the mark."""

    is_saved: bool
    verdict: str


def said_of(user: User, paper: Paper) -> Said:
    """Read it, with two queries; `verdict` is empty where nothing was said."""
    marks = Mark.objects.filter(user=user, paper_id=paper.work_id)
    saved = SavedPaper.objects.filter(user=user, paper_id=paper.work_id)
    verdict = marks.values_list("verdict", flat=True).first()
    return Said(saved.exists(), verdict or "")


def save(user: User, paper: Paper, *, now: datetime) -> SavedPaper:
    """Put a paper on the reading list. Whoever refused it before, takes that back."""
    with transaction.atomic():
        Mark.objects.filter(
            user=user, paper_id=paper.work_id, verdict=Mark.Verdict.LESS
        ).delete()
        saved, _is_new = SavedPaper.objects.get_or_create(
            user=user, paper_id=paper.work_id, defaults={"saved_at": now}
        )
    return saved


def unsave(user: User, paper: Paper) -> bool:
    """Take a paper off the reading list; say whether it was there."""
    rows = SavedPaper.objects.filter(user=user, paper_id=paper.work_id)
    return bool(rows.delete()[0])


def mark_more(
    user: User, paper: Paper, *, now: datetime, topic: Topic | None = None
) -> Mark:
    """More like this: for the topic, or without one for all that the paper matches."""
    return _mark(user, paper, Mark.Verdict.MORE, topic, now)


def mark_less(
    user: User, paper: Paper, *, now: datetime, topic: Topic | None = None
) -> Mark:
    """Not for me: this paper never comes again, and its like is ranked lower.

    On the reading list it stays, but it is no longer learned from as liked.
    """
    return _mark(user, paper, Mark.Verdict.LESS, topic, now)


def undo(user: User, paper: Paper) -> bool:
    """Take back a mark; say whether there was one."""
    rows = Mark.objects.filter(user=user, paper_id=paper.work_id)
    return bool(rows.delete()[0])


def mute_word(user: User, text: str, *, now: datetime) -> Mute:
    """Leave out papers with this word or phrase in title or abstract.

    Raises:
        MuteRefusedError: there is nothing to look for in it, or too much.
    """
    phrase = _one_line(text)
    try:
        matching.read_phrase(phrase)
    except matching.QueryError as error:
        raise MuteRefusedError(error.message_code) from error
    return _mute(user, Mute.Kind.WORD, phrase, now)


def mute_author(user: User, name: str, *, now: datetime) -> Mute:
    """Leave out papers of this author, where the name leaves no doubt.

    Raises:
        MuteRefusedError: it has no letters, or is too long.
    """
    line = _one_line(name)
    if not any(character.isalpha() for character in line):
        raise MuteRefusedError("empty")
    return _mute(user, Mute.Kind.AUTHOR, line, now)


def mute_learned(user: User, stem: str, *, now: datetime) -> Mute:
    """Learn this word no more: `LearnedTerm.stem`.

    Raises:
        MuteRefusedError: it is empty or too long.
    """
    return _mute(user, Mute.Kind.LEARNED, _one_line(stem), now)


def unmute(user: User, mute_id: int) -> bool:
    """Take back one of the reader's mutes; say whether there was one."""
    return bool(Mute.objects.filter(user=user, pk=mute_id).delete()[0])


def what_was_learned(user: User, topics: Collection[Topic]) -> dict[int, Learned]:
    """What each topic, by id, learned from this reader, as planning would learn it."""
    ids = {topic.pk for topic in topics}
    opinions = read_opinions(user.pk, ids, has_marks=True, has_mutes=True)
    said = {one.paper_id for taught in opinions.taught.values() for one in taught}
    papers = Paper.objects.only("slug", "title", "abstract").in_bulk(said)
    taste = learn_taste(opinions, topics)
    scorers = {pk: one.scorer for pk, one in taste.topics.items()} if taste else {}
    found = {}
    for topic_id, taught in opinions.taught.items():
        liked = [papers[one.paper_id] for one in taught if one.is_liked]
        disliked = [papers[one.paper_id] for one in taught if not one.is_liked]
        learned = scorers[topic_id].taste if topic_id in scorers else None
        texts = (f"{paper.title}\n{paper.abstract}" for paper in liked)
        terms = matching.name_terms(learned, texts) if learned else ()
        found[topic_id] = Learned(terms, liked, disliked)
    return found


def _mark(
    user: User, paper: Paper, verdict: Mark.Verdict, topic: Topic | None, now: datetime
) -> Mark:
    with transaction.atomic():
        mark, is_new = Mark.objects.select_for_update().get_or_create(
            user=user,
            paper_id=paper.work_id,
            defaults={"verdict": verdict, "topic": topic, "made_at": now},
        )
        if not is_new and (mark.verdict, mark.topic_id) != (
            verdict,
            topic.pk if topic else None,
        ):
            mark.verdict, mark.topic, mark.made_at = verdict, topic, now
            mark.save(update_fields=["verdict", "topic", "made_at"])
    return mark


def _mute(user: User, kind: Mute.Kind, text: str, now: datetime) -> Mute:
    if not text:
        raise MuteRefusedError("empty")
    if len(text) > TEXT_LENGTH:
        raise MuteRefusedError("too_long")
    with transaction.atomic():
        # The person's row is the lock: two at once must not pass the limit together.
        User.objects.select_for_update().get(pk=user.pk)
        own = Mute.objects.filter(user=user)
        known = own.filter(kind=kind, text__iexact=text).first()
        if known:
            return known
        if own.count() >= MOST_MUTES:
            raise MuteRefusedError("too_many")
        return Mute.objects.create(user=user, kind=kind, text=text, made_at=now)


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", " ").split())
