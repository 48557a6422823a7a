"""Each act at the desk, written down where it belongs, for those who may."""

from __future__ import annotations

import pytest
from django.test import Client

from digest.models import (
    DeskChange,
    HiddenPaper,
    Merge,
    Pick,
    SeenPaper,
)
from tests.digest.admin.desk import sit_down, sit_down_with
from tests.digest.admin.today.steps import DESK, act, look, propose, version
from tests.factories import (
    make_paper,
    make_pick,
    make_reader,
)

pytestmark = pytest.mark.django_db


def test_hiding_asks_for_a_reason_and_can_be_undone() -> None:
    paper = make_paper("No paper at all")
    desk = sit_down("ann@example.org")

    refused = act(desk, "hide", version(desk), paper=paper.pk, reason="")
    assert "Say why." in refused.content.decode()
    act(desk, "hide", version(desk), paper=paper.pk, reason="A call for papers.")

    assert HiddenPaper.objects.get().reason == "A call for papers."
    assert "No paper at all</a>" not in look(desk)
    assert "Hidden: A call for papers. (ann@example.org)" in look(desk, "&show=hidden")
    act(desk, "show", version(desk), paper=paper.pk)
    assert not HiddenPaper.objects.exists()


def test_what_was_looked_at_is_looked_at_no_more() -> None:
    one, two, three = (make_paper() for _ in range(3))
    desk = sit_down("ann@example.org")

    act(desk, "see", version(desk), paper=one.pk)
    act(desk, "see_all", version(desk), papers=[one.pk, two.pk])

    assert set(SeenPaper.objects.values_list("paper", flat=True)) == {one.pk, two.pk}
    assert f'id="paper-{three.pk}"' in look(desk)
    assert f'id="paper-{one.pk}"' not in look(desk)
    assert "Looked at by ann@example.org" in look(desk, "&show=seen")


def test_two_ticked_papers_are_made_one() -> None:
    preprint = make_paper("Preprint")
    journal = make_paper("Journal", arxiv_id="", canonical_id="doi:10.1/a", slug="a")
    desk = sit_down()

    alone = act(desk, "merge", version(desk), same=[preprint.pk])
    assert "Choose exactly two papers." in alone.content.decode()
    act(desk, "merge", version(desk), same=[preprint.pk, journal.pk])

    assert Merge.objects.get().merged == journal
    assert "merged <cite>Preprint</cite>: <q>Journal</q>" in look(desk)
    both = act(desk, "merge", version(desk), same=[preprint.pk, make_paper().pk])
    assert "different arXiv ids" in both.content.decode()


def test_a_proposal_is_accepted_and_picked_or_declined() -> None:
    good, bad = propose(make_paper("Good")), propose(make_paper("Bad"))
    desk = sit_down()
    assert "Read &lt;b&gt;it&lt;/b&gt;." in look(desk)

    act(desk, "accept", version(desk), proposal=good.pk, note="Good indeed.")
    act(desk, "decline", version(desk), proposal=bad.pk, reason="We had it.")

    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, good.pick) == ("accepted", Pick.objects.get())
    assert (bad.state, bad.reply) == ("declined", "We had it.")
    late = act(desk, "accept", version(desk), proposal=bad.pk)
    assert late.status_code == 400


def test_a_proposal_of_which_nothing_is_known_needs_a_title() -> None:
    row = propose(None, state="unknown")
    desk = sit_down()

    refused = act(desk, "accept", version(desk), proposal=row.pk, title="")
    assert "type its title" in refused.content.decode()
    act(desk, "accept", version(desk), proposal=row.pk, title="By hand")

    assert Pick.objects.get().paper.title == "By hand"


def test_picking_a_candidate_answers_those_who_proposed_it() -> None:
    paper = make_paper("Proposed")
    row = propose(paper)
    desk = sit_down()

    act(desk, "pick", version(desk), paper=paper.pk, note="")

    row.refresh_from_db()
    assert (row.state, row.pick) == ("accepted", Pick.objects.get())


def test_each_act_needs_its_right() -> None:
    paper = make_paper()
    make_pick(make_paper())
    helper = sit_down_with("view_pick", "view_paper")

    assert 'value="pick"' not in look(helper)
    for do in ("pick", "unpick", "hide", "show", "see", "merge", "order", "nonsense"):
        typed = {"paper": paper.pk, "reason": "x", "same": [paper.pk]}
        assert act(helper, do, "0", **typed).status_code == 403, do
    assert not DeskChange.objects.exists()
    assert sit_down_with_nothing().get(DESK).status_code == 403


def sit_down_with_nothing() -> Client:
    client = Client()
    user = make_reader("nothing@example.org")
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    client.force_login(user)
    return client
