"""A merge takes what hangs on a paper along, and undoing it brings it back."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from digest.models import DigestItem, Merge, Paper
from digest.pipeline.merges import MergeRefusedError, merge_papers, undo_merge
from digest.pipeline.plan.gathering import Span
from digest.pipeline.plan.selection import select
from tests import factories
from tests.digest.pipeline.works import (
    OTHER_ARXIV,
    in_feed,
    in_journal,
    is_one,
    on_arxiv,
    paper,
    take,
)
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def curator() -> User:
    return User.objects.create_user("curator@example.org")


def put_in_mail(reader: User, found: Paper, state: str = "accepted") -> DigestItem:
    """The paper in a digest of the reader that fared so."""
    digest = factories.make_digest(reader)
    evidence = "250 ok" if state == "accepted" else ""
    factories.make_delivery(digest, state=state, evidence=evidence)
    return factories.make_item(digest, found)


def chosen_for(reader: User) -> list[int]:
    """The papers that the reader's topics would bring now."""
    found = select(reader.schedule, Span(TODAY, TODAY))
    return [item.candidate.paper_id for item in found]


def test_it_moves_what_hangs_on_the_paper_where_the_work_has_no_such_row() -> None:
    robots, feeds = factories.make_topic("robots"), factories.make_topic("feeds")
    take(in_feed())
    merged = paper(in_feed())
    factories.make_match(feeds, merged)
    factories.make_pick(merged, TODAY)
    factories.hide_paper(merged)
    take(on_arxiv(title="Not yet under the title that the feed has"), kind="arxiv_rss")
    kept = paper(on_arxiv())
    factories.make_match(robots, kept)
    factories.make_match(feeds, kept)

    take(on_arxiv(version=2), kind="arxiv_rss")

    assert set(kept.matches.values_list("topic__slug", flat=True)) == {
        "robots",
        "feeds",
    }
    assert merged.matches.get().topic == feeds
    assert kept.picks.count() == 1
    assert kept.hidden.reason == "Not a paper."
    assert not merged.announcements.exists()


def test_whoever_had_one_of_them_never_gets_the_other() -> None:
    topic = factories.make_topic("feeds")
    had_feed, had_arxiv = (
        factories.make_reader("", topic),
        factories.make_reader("", topic),
    )
    take(in_feed(), on_arxiv(title="Not yet under the title that the feed has"))
    put_in_mail(had_feed, paper(in_feed()))
    put_in_mail(had_arxiv, paper(on_arxiv()))

    take(on_arxiv())

    factories.make_match(topic, paper(on_arxiv()))
    factories.make_match(topic, paper(in_feed()))
    fresh = factories.make_reader("", topic)
    assert chosen_for(had_feed) == chosen_for(had_arxiv) == []
    assert chosen_for(fresh) == [paper(on_arxiv()).pk]


def test_whoever_had_both_keeps_both_even_if_one_mail_is_given_up() -> None:
    topic = factories.make_topic("feeds")
    reader = factories.make_reader("", topic)
    take(in_feed(), on_arxiv(title="Not yet under the title that the feed has"))
    one = put_in_mail(reader, paper(in_feed()))
    other = put_in_mail(reader, paper(on_arxiv()))

    take(on_arxiv())

    one.refresh_from_db()
    assert (one.paper, one.released_at) == (paper(in_feed()), None)
    DigestItem.objects.filter(pk=other.pk).update(released_at=NOW)
    factories.make_match(topic, paper(on_arxiv()))
    assert chosen_for(reader) == []


@pytest.mark.parametrize("first", [in_feed(), on_arxiv()])
def test_a_digest_not_sent_yet_loses_what_an_earlier_one_has(first: Any) -> None:
    reader = factories.make_reader()
    take(in_feed(), on_arxiv(title="Not yet under the title that the feed has"))
    second = on_arxiv() if first == in_feed() else in_feed()
    sent = put_in_mail(reader, paper(first))
    waiting = put_in_mail(reader, paper(second), "planned")

    take(on_arxiv())

    sent.refresh_from_db()
    waiting.refresh_from_db()
    assert (sent.paper, sent.released_at) == (paper(on_arxiv()), None)
    assert waiting.released_at == NOW


def test_undoing_restores_both_and_it_does_not_happen_again(curator: User) -> None:
    feeds = factories.make_topic("feeds")
    reader = factories.make_reader()
    take(in_feed(signals={"upvotes": 9}, organisation="A Lab", announced_on=TODAY))
    factories.make_match(feeds, paper(in_feed()))
    factories.make_pick(paper(in_feed()), TODAY)
    put_in_mail(reader, paper(in_feed()))
    yesterday = TODAY - timedelta(days=1)
    take(on_arxiv(signals={"upvotes": 3}, announced_on=yesterday), kind="arxiv_rss")
    take(on_arxiv(is_withdrawn=True), kind="arxiv_rss")

    undo_merge(Merge.objects.get().pk, user=curator, now=LATER)

    kept, merged = paper(on_arxiv()), paper(in_feed())
    assert (kept.upvotes, kept.organisation, kept.announced_on) == (3, "", yesterday)
    assert kept.is_withdrawn  # what it said itself since then stays
    assert (merged.upvotes, merged.merged_into, merged.is_withdrawn) == (9, None, False)
    assert [
        merged.matches.count(),
        merged.picks.count(),
        merged.digest_items.count(),
        merged.announcements.count(),
    ] == [1, 1, 1, 1]
    assert (kept.announcements.count(), kept.picks.count()) == (1, 0)
    undone = Merge.objects.get()
    assert (undone.undone_at, undone.undone_by) == (LATER, curator)

    take(in_feed(), on_arxiv(version=2))
    take(in_journal())
    assert not is_one(in_feed(), on_arxiv())
    with pytest.raises(MergeRefusedError):
        undo_merge(undone.pk, user=curator, now=LATER)


def test_undoing_the_first_of_two_leaves_what_the_second_says(curator: User) -> None:
    take(on_arxiv(signals={"upvotes": 1}))
    take(in_feed(signals={"upvotes": 9}, organisation="A Lab"))
    take(in_journal(signals={"upvotes": 5}))
    second, first = Merge.objects.all()

    undo_merge(first.pk, user=curator, now=LATER)
    work = paper(on_arxiv())
    assert (work.upvotes, work.organisation) == (5, "")
    assert work.journal_ref

    undo_merge(second.pk, user=curator, now=LATER)
    work = paper(on_arxiv())
    assert (work.upvotes, work.journal_ref, work.doi) == (1, "", "")


def test_undoing_deep_in_a_work_opens_that_row_alone(curator: User) -> None:
    take(in_feed(signals={"upvotes": 9}))
    take(in_journal(signals={"upvotes": 5}))
    take(on_arxiv(signals={"upvotes": 1}))
    into_arxiv, into_journal = Merge.objects.all()

    undo_merge(into_journal.pk, user=curator, now=LATER)

    assert is_one(in_journal(), on_arxiv())
    assert paper(in_feed()).merged_into is None
    assert [paper(e).upvotes for e in (in_journal(), on_arxiv())] == [5, 5]
    assert paper(in_feed()).announcements.count() == 1
    take(in_feed(), on_arxiv())
    assert not is_one(in_feed(), on_arxiv())

    undo_merge(into_arxiv.pk, user=curator, now=LATER)
    assert paper(on_arxiv()).upvotes == 1
    assert Paper.objects.works().count() == 3


def test_undoing_the_last_gives_the_rows_back_that_were_merged_before(
    curator: User,
) -> None:
    take(in_feed())
    take(in_journal())
    take(on_arxiv())

    undo_merge(Merge.objects.all()[0].pk, user=curator, now=LATER)

    assert paper(in_feed()).merged_into == paper(in_journal())
    assert paper(on_arxiv()).duplicates.count() == 0


def test_a_person_may_say_that_two_papers_are_one() -> None:
    other = in_feed(title="The same work under quite another title")
    take(on_arxiv(), other)

    merge_papers(paper(on_arxiv()).pk, paper(other).pk, now=NOW)

    assert paper(other).merged_into == paper(on_arxiv())
    assert Merge.objects.get().reason == Merge.Reason.BY_HAND
    with pytest.raises(MergeRefusedError):
        merge_papers(paper(on_arxiv()).pk, paper(other).pk, now=NOW)


def test_nobody_may_say_that_two_arxiv_ids_are_one() -> None:
    take(on_arxiv(), on_arxiv(OTHER_ARXIV))

    with pytest.raises(MergeRefusedError):
        merge_papers(paper(on_arxiv()).pk, paper(on_arxiv(OTHER_ARXIV)).pk, now=NOW)


def test_a_list_that_comes_again_counts_for_the_work_and_no_second_time() -> None:
    take(in_feed())
    take(on_arxiv(), kind="arxiv_rss")
    take(in_feed())

    assert paper(on_arxiv()).announcements.count() == 2
    assert not paper(in_feed()).announcements.exists()
