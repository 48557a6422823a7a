"""Curators find papers, pick them with a note, hide them and show them again."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from digest.models import HiddenPaper, Paper, Pick
from tests import factories
from tests.digest.admin.desk import address, answer, press, sit_down, sit_down_with

pytestmark = pytest.mark.django_db


def _titles(client: Client, query: str) -> set[str]:
    response = client.get(address(Paper), {"q": query})
    return {paper.title for paper in response.context["cl"].result_list}


@pytest.mark.parametrize(
    "query",
    [
        "walking robots",
        "ROBOTS legs",
        "müller",
        "Müller robots",
        "2611.99999",
        "arXiv:2611.99999v3",
        "https://arxiv.org/abs/2611.99999v2",
    ],
)
def test_it_finds_a_paper_by_title_author_or_id(query: str) -> None:
    factories.make_paper("Swimming robots")
    factories.make_paper(
        "Walking robots with legs", authors=["Jörg Müller"], arxiv_id="2611.99999"
    )

    assert _titles(sit_down(), query) == {"Walking robots with legs"}


def test_it_picks_papers_each_with_its_note_after_those_the_day_has() -> None:
    client = sit_down("curator@example.org")
    day = timezone.localdate()
    factories.make_pick(factories.make_paper(), day, position=40)
    one, two = factories.make_paper("One"), factories.make_paper("Two")

    page = press(client, "pick", one, two)
    assert Pick.objects.count() == 1
    assert page.content.decode().count('name="note_') == 2
    response = answer(
        client,
        "pick",
        one,
        two,
        picked_on=day.isoformat(),
        **{f"note_{one.pk}": "Read this first.", f"note_{two.pk}": ""},
    )

    assert "2 papers picked." in response.content.decode()
    first, second = Pick.objects.exclude(position=40).order_by("position")
    assert {first.note, second.note} == {"Read this first.", ""}
    assert 40 < first.position < second.position
    assert {first.picked_on, second.picked_on} == {day}
    assert str(first.curator) == "curator@example.org"
    assert LogEntry.objects.filter(change_message__contains="Read this").count() == 1


def test_it_changes_the_note_of_a_paper_picked_before() -> None:
    client = sit_down()
    paper = factories.make_paper()
    pick = factories.make_pick(paper, timezone.localdate(), note="Old.", position=7)

    page = press(client, "pick", paper)
    assert 'value="Old."' in page.content.decode()
    answer(
        client,
        "pick",
        paper,
        picked_on=pick.picked_on.isoformat(),
        **{f"note_{paper.pk}": "New."},
    )

    assert Pick.objects.values_list("note", "position").get() == ("New.", 7)


def test_it_asks_again_when_the_day_is_missing_or_the_note_too_long() -> None:
    client = sit_down()
    paper = factories.make_paper()

    response = answer(
        client, "pick", paper, picked_on="", **{f"note_{paper.pk}": "x" * 501}
    )

    assert set(response.context["form"].errors) == {"picked_on", f"note_{paper.pk}"}
    assert not Pick.objects.exists()


def test_it_lists_what_is_picked_for_today() -> None:
    today = timezone.localdate()
    picked, before = factories.make_paper(), factories.make_paper()
    factories.make_pick(picked, today)
    factories.make_pick(before, today - timedelta(days=1))

    response = sit_down().get(address(Paper), {"picked": "today"})

    assert list(response.context["cl"].result_list) == [picked]


def test_it_does_not_pick_what_no_digest_would_show() -> None:
    client = sit_down()
    hidden, replaced = factories.make_paper(), factories.make_paper(announced_on=None)
    factories.hide_paper(hidden)

    response = press(client, "pick", hidden, replaced)

    assert "left out" in response.content.decode()
    assert "form" not in response.context


def test_it_does_not_ask_for_notes_on_more_papers_than_one_can_read() -> None:
    client = sit_down()
    papers = [factories.make_paper() for _ in range(51)]

    response = press(client, "pick", *papers)

    assert "Choose at most 50 papers" in response.content.decode()


def test_it_hides_with_a_reason_and_shows_again() -> None:
    client = sit_down("curator@example.org")
    paper = factories.make_paper()

    press(client, "hide", paper)
    answer(client, "hide", paper, reason="")
    assert not HiddenPaper.objects.exists()
    answer(client, "hide", paper, reason="Not a paper but a call for papers.")

    hidden = HiddenPaper.objects.get()
    assert hidden.paper == paper
    assert hidden.reason == "Not a paper but a call for papers."
    assert str(hidden.curator) == "curator@example.org"
    press(client, "show_again", paper)
    assert not HiddenPaper.objects.exists()
    assert LogEntry.objects.count() == 2


def test_it_keeps_the_first_reason_when_a_paper_is_hidden_twice() -> None:
    client = sit_down()
    paper = factories.make_paper()
    factories.hide_paper(paper, "First.")

    answer(client, "hide", paper, reason="Second.")

    assert HiddenPaper.objects.get().reason == "First."


@pytest.mark.parametrize("action", ["pick", "hide", "show_again"])
def test_it_offers_no_action_without_the_right_to_it(action: str) -> None:
    client = sit_down_with("view_paper", "change_paper")
    paper = factories.make_paper()
    factories.hide_paper(paper)

    response = press(client, action, paper)

    assert f'value="{action}"' not in response.content.decode()
    assert "form" not in response.context
    assert HiddenPaper.objects.exists()


def _inlines(**answers: str) -> dict[str, str]:
    """The change page's form, with nothing in it but the answers."""
    names = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0"}
    parts = ("picks", "hidden", "events")
    empty = {f"{part}-{k}": v for part in parts for k, v in names.items()}
    return {**empty, **answers}


def test_the_papers_own_page_leaves_picks_to_the_desk_and_the_feeds_words_alone() -> (
    None
):
    client = sit_down()
    paper = factories.make_paper("From the feed", upvotes=3)
    pick = factories.make_pick(paper, date(2026, 11, 20), note="Look.")
    page = client.get(address(Paper, "change", paper.pk)).content.decode()
    answers = {
        "picks-INITIAL_FORMS": "1",
        "picks-0-id": str(pick.pk),
        "picks-0-note": "Overwritten.",
        "title": "Rewritten",
        "upvotes": "999",
    }

    response = client.post(address(Paper, "change", paper.pk), _inlines(**answers))

    assert response.status_code == 302
    pick.refresh_from_db()
    paper.refresh_from_db()
    assert (pick.note, paper.title, paper.upvotes) == ("Look.", "From the feed", 3)
    assert "Look." in page
    assert "/admin/digest/pick/today/?day=2026-11-20" in page


def test_it_hides_on_the_papers_own_page() -> None:
    client = sit_down("curator@example.org")
    paper = factories.make_paper()

    client.post(
        address(Paper, "change", paper.pk), _inlines(**{"hidden-0-reason": "Spam."})
    )

    assert str(HiddenPaper.objects.get().curator) == "curator@example.org"


def test_it_names_topics_with_the_reason_but_not_those_of_readers() -> None:
    paper = factories.make_paper("Diffusion for robots")
    factories.make_match(factories.make_topic("robotics"), paper)
    reader = factories.make_reader()
    factories.make_match(factories.make_topic("my-illness", owner=reader), paper)

    page = sit_down().get(address(Paper, "change", paper.pk)).content.decode()

    assert "Robotics: *Diffusion* in the title" in page
    assert "My illness" not in page


def test_it_never_deletes_a_paper() -> None:
    paper = factories.make_paper()

    response = sit_down().post(address(Paper, "delete", paper.pk), {"post": "yes"})

    assert response.status_code == 403
    assert Paper.objects.exists()


def test_it_lists_the_picks_in_the_order_of_their_day_with_the_way_to_its_desk() -> (
    None
):
    day = date(2026, 11, 20)
    late = factories.make_pick(factories.make_paper(), day, position=20)
    early = factories.make_pick(factories.make_paper(), day, position=10)
    older = factories.make_pick(
        factories.make_paper(), day - timedelta(days=1), position=1
    )

    response = sit_down().get(address(Pick))

    assert list(response.context["cl"].result_list) == [early, late, older]
    page = response.content.decode()
    assert page.count("/admin/digest/pick/today/?day=2026-11-20") == 2


def test_the_list_of_picks_overwrites_nothing_done_at_the_desk() -> None:
    client = sit_down()
    pick = factories.make_pick(factories.make_paper(), position=20, note="Mine.")
    row = {"form-0-id": str(pick.pk), "form-0-position": "5", "form-0-note": "Yours."}
    rows = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "_save": "Save"}
    gone = {"action": "delete_selected", "_selected_action": [pick.pk], "post": "yes"}

    client.post(address(Pick), {**row, **rows})
    client.post(address(Pick), gone)
    refused = [
        client.post(address(Pick, "add"), {"paper": pick.paper_id, "note": "Yours."}),
        client.post(address(Pick, "change", pick.pk), {"note": "Yours."}),
        client.post(address(Pick, "delete", pick.pk), {"post": "yes"}),
    ]

    assert {response.status_code for response in refused} == {403}
    pick.refresh_from_db()
    assert (pick.position, pick.note) == (20, "Mine.")
