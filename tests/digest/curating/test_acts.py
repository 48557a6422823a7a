"""Two curators at one desk: nothing is overwritten unseen, all is written down."""

from __future__ import annotations

from functools import partial

import pytest

from accounts.models import User
from digest import curating
from digest.curating import CannotError, ChangedError, Seat
from digest.curating.acts import Wanted
from digest.curating.desk import version_of
from digest.models import DeskChange, HiddenPaper, Paper, Pick, SeenPaper
from tests.digest.pipeline.sending import Rival
from tests.factories import NOW, TODAY, hide_paper, make_paper, make_pick

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann@example.org", is_staff=True)


@pytest.fixture
def ben() -> User:
    return User.objects.create_user("ben@example.org", is_staff=True)


def seat(curator: User, version: int | None = None) -> Seat:
    """A curator who looks at today's desk, as it is now unless told."""
    return Seat(curator, TODAY, NOW, version_of(TODAY) if version is None else version)


def written() -> list[tuple[str, str]]:
    """What was done and by whom, in order."""
    rows = DeskChange.objects.order_by("version")
    return [(row.kind, str(row.curator)) for row in rows]


def test_different_papers_do_not_stand_against_each_other(ann: User, ben: User) -> None:
    one, two = make_paper("One"), make_paper("Two")

    curating.pick(seat(ann, 0), one.pk, "First.")
    curating.pick(seat(ben, 0), two.pk, "Second.")

    picks = Pick.objects.order_by("position")
    assert [(p.paper, p.note, p.curator) for p in picks] == [
        (one, "First.", ann),
        (two, "Second.", ben),
    ]
    assert written() == [("pick", "ann@example.org"), ("pick", "ben@example.org")]


def test_a_pick_of_the_same_paper_is_refused_and_says_who_was_faster(
    ann: User, ben: User
) -> None:
    paper = make_paper()
    curating.pick(seat(ann, 0), paper.pk, "Ann's words.")

    with pytest.raises(ChangedError) as refused:
        curating.pick(seat(ben, 0), paper.pk, "Ben's words.")

    (change,) = refused.value.changes
    assert (change.kind, change.curator, change.words) == ("pick", ann, "Ann's words.")
    assert Pick.objects.get().note == "Ann's words."

    curating.pick(seat(ben), paper.pk, "Ben's words.")
    assert Pick.objects.get().note == "Ben's words."
    assert written()[-1] == ("note", "ben@example.org")


def test_what_was_hidden_meanwhile_is_not_picked(ann: User, ben: User) -> None:
    paper = make_paper()
    curating.hide(seat(ann, 0), paper.pk, "No paper.")

    with pytest.raises(ChangedError):
        curating.pick(seat(ben, 0), paper.pk, "")
    with pytest.raises(CannotError, match="hidden or not announced"):
        curating.pick(seat(ben), paper.pk, "")
    with pytest.raises(CannotError, match="hidden already"):
        curating.hide(seat(ben), paper.pk, "Another reason.")

    assert HiddenPaper.objects.get().reason == "No paper."
    curating.show(seat(ben), paper.pk)
    assert not HiddenPaper.objects.exists()


def test_order_and_notes_are_saved_and_written_down(ann: User) -> None:
    one, two, three = (make_paper(name) for name in ("One", "Two", "Three"))
    for paper in (one, two, three):
        curating.pick(seat(ann), paper.pk, "")

    wanted = {three.pk: Wanted(1, "Now first."), one.pk: Wanted(2, "")}
    curating.arrange(seat(ann), {**wanted, two.pk: Wanted(3, "")})

    picks = Pick.objects.order_by("position").values_list("paper__title", "note")
    assert list(picks) == [("Three", "Now first."), ("One", ""), ("Two", "")]
    last = DeskChange.objects.order_by("version").last()
    assert last is not None
    assert (last.kind, last.words) == ("order", "Three, One, Two")
    curating.arrange(seat(ann), {three.pk: Wanted(1, "Now first.")})
    assert version_of(TODAY) == last.version


def test_a_new_pick_comes_last_and_does_not_stand_against_an_order(
    ann: User, ben: User
) -> None:
    one, two, new = (make_paper(name) for name in ("One", "Two", "New"))
    for paper in (one, two):
        curating.pick(seat(ann), paper.pk, "")
    looked = version_of(TODAY)
    curating.pick(seat(ben), new.pk, "")

    curating.arrange(seat(ann, looked), {two.pk: Wanted(1, ""), one.pk: Wanted(2, "")})

    titles = Pick.objects.order_by("position").values_list("paper__title", flat=True)
    assert list(titles) == ["Two", "One", "New"]


@pytest.mark.parametrize("act", ["order", "note", "unpick"])
def test_an_order_made_beside_another_change_is_refused(
    ann: User, ben: User, act: str
) -> None:
    one, two = make_paper("One"), make_paper("Two")
    for paper in (one, two):
        curating.pick(seat(ann), paper.pk, "")
    looked = version_of(TODAY)
    theirs = {one.pk: Wanted(1, ""), two.pk: Wanted(2, "")}
    if act == "order":
        curating.arrange(seat(ben), {one.pk: Wanted(2, ""), two.pk: Wanted(1, "")})
    elif act == "note":
        curating.arrange(seat(ben), {**theirs, one.pk: Wanted(1, "Ben's.")})
    else:
        curating.unpick(seat(ben), one.pk)
    rows = Pick.objects.order_by("position").values_list("paper", "note")
    before = list(rows)

    with pytest.raises(ChangedError) as refused:
        curating.arrange(seat(ann, looked), {**theirs, two.pk: Wanted(1, "Ann's.")})

    assert [change.kind for change in refused.value.changes] == [act]
    assert (
        list(Pick.objects.order_by("position").values_list("paper", "note")) == before
    )


def test_a_pick_is_taken_back_once(ann: User) -> None:
    pick = make_pick(make_paper(), note="Good.")

    curating.unpick(seat(ann), pick.paper_id)

    assert not Pick.objects.exists()
    with pytest.raises(CannotError, match="not picked"):
        curating.unpick(seat(ann), pick.paper_id)


def test_two_papers_are_made_one_work(ann: User) -> None:
    kept = make_paper("The preprint")
    merged = make_paper(
        "The journal's paper", arxiv_id="", canonical_id="doi:10.1/a", slug="a"
    )

    made = curating.merge(seat(ann), [kept.pk, merged.pk])

    assert (made.kept, made.merged) == (kept, merged)
    assert written() == [("merge", "ann@example.org")]
    with pytest.raises(CannotError, match="exactly two"):
        curating.merge(seat(ann), [kept.pk])


def test_looking_is_noted_once(ann: User, ben: User) -> None:
    papers = [make_paper().pk, make_paper().pk]

    assert curating.mark_seen(ann, papers[:1], NOW) == 1
    assert curating.mark_seen(ben, papers, NOW) == 1

    assert SeenPaper.objects.get(paper=papers[0]).curator == ann


def test_who_looked_at_no_desk_is_stopped_by_nobody(ann: User, ben: User) -> None:
    paper = make_paper()
    curating.pick(seat(ann, 0), paper.pk, "Ann's.")

    curating.pick(Seat(ben, TODAY, NOW), paper.pk, "Ben's.")

    assert Pick.objects.get().note == "Ben's."


@pytest.mark.django_db(transaction=True)
def test_of_curators_who_press_at_the_same_moment_one_is_heard() -> None:
    paper = make_paper()
    curators = [
        User.objects.create_user(f"{name}@example.org")
        for name in ("ann", "ben", "cid")
    ]

    def press(curator: User) -> str:
        try:
            curating.pick(Seat(curator, TODAY, NOW, 0), paper.pk, curator.email)
        except ChangedError as error:
            return f"refused for {error.changes[0].words}"
        return "picked"

    rivals = [Rival(partial(press, curator)) for curator in curators]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()

    (pick,) = Pick.objects.all()
    said = sorted(rival.outcome for rival in rivals)
    assert said == ["picked", *[f"refused for {pick.note}"] * 2]
    assert version_of(TODAY) == 1


def test_a_hidden_paper_stays_hidden_for_who_merges(ann: User) -> None:
    paper = make_paper()
    hide_paper(paper)

    with pytest.raises(CannotError):
        curating.pick(seat(ann), paper.pk, "")
    assert Paper.objects.shown().count() == 0
