"""The desk of a day: candidates, acts by plain forms, and two curators at once."""

from __future__ import annotations

import re
from functools import partial

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from digest.models import (
    DeskChange,
    Pick,
)
from tests.digest.admin.desk import sit_down, sit_down_with
from tests.digest.admin.today.steps import DESK, HERE, act, look, propose, version
from tests.digest.pipeline.sending import Rival
from tests.factories import (
    TODAY,
    hide_paper,
    make_announcement,
    make_batch,
    make_match,
    make_paper,
    make_pick,
    make_topic,
)

pytestmark = pytest.mark.django_db


def test_it_shows_the_days_candidates_with_what_speaks_for_them() -> None:
    paper = make_paper("Robots <b>that</b> learn", upvotes=25, comment_count=2)
    make_match(make_topic("robotics"), paper)
    make_announcement(paper, make_batch())
    make_paper("Of another day", announced_on=TODAY.replace(day=1))

    page = look(sit_down())

    assert "Robots &lt;b&gt;that&lt;/b&gt; learn" in page
    for words in ("25 votes · 2 comments", "1 topic:", "Robotics", "arXiv: list"):
        assert words in page
    assert "Of another day" not in page
    assert "1 candidate<" in page


def test_it_opens_today_unless_told_and_survives_a_wrong_address() -> None:
    today = timezone.localdate()
    make_paper("Of this very day", announced_on=today)
    desk = sit_down()

    for query in ("", "?day=&show=&topic=", "?day=never&show=odd&topic=x&page=-1"):
        assert "Of this very day" in desk.get(DESK + query).content.decode()


def test_a_pick_is_made_with_a_note_and_leads_to_the_next_candidate() -> None:
    paper, following = make_paper("Picked"), make_paper("Next")
    desk = sit_down()

    response = act(
        desk, "pick", version(desk), paper=paper.pk, note="Read it.", then=following.pk
    )

    assert response["Location"] == f"{HERE}#paper-{following.pk}"
    pick = Pick.objects.get()
    assert (pick.paper, pick.note, pick.picked_on) == (paper, "Read it.", TODAY)
    assert LogEntry.objects.get().change_message == f"Picked for {TODAY}: Read it."
    page = look(desk)
    assert "1 pick<" in page
    assert "picked <cite>Picked</cite>: <q>Read it.</q>" in page
    assert "1 candidate<" in page


def test_two_curators_do_not_overwrite_each_other() -> None:
    paper = make_paper("Wanted by two")
    ann, ben = sit_down("ann@example.org"), sit_down("ben@example.org")
    at_ann, at_ben = version(ann), version(ben)

    act(ann, "pick", at_ann, paper=paper.pk, note="Ann's words.")
    refused = act(ben, "pick", at_ben, paper=paper.pk, note="Ben's <i>words</i>.")

    assert refused.status_code == 409
    page = refused.content.decode()
    assert "nothing of yours was saved" in page
    assert "ann@example.org picked <cite>Wanted by two</cite>" in page
    assert "Ben&#x27;s &lt;i&gt;words&lt;/i&gt;." in page
    assert Pick.objects.get().note == "Ann's words."

    again = re.search(r'name="version" value="(\d+)"', page)
    assert again
    act(ben, "pick", again[1], paper=paper.pk, note="Ben's words.")
    assert Pick.objects.get().note == "Ben's words."


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_save_one_order() -> None:
    picks = [make_pick(make_paper(), position=place) for place in (1, 2)]
    curators = [sit_down(f"{name}@example.org") for name in ("ann", "ben")]
    seen = version(curators[0])

    def save(client: Client, words: str) -> int:
        typed = {f"place_{p.paper_id}": 2 - n for n, p in enumerate(picks)}
        notes = {f"note_{p.paper_id}": words for p in picks}
        status: int = act(client, "order", seen, **typed, **notes).status_code
        return status

    rivals = [
        Rival(partial(save, curator, words))
        for curator, words in zip(curators, ("Ann's", "Ben's"), strict=True)
    ]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()

    # On SQLite one who was served may have been locked out afterwards, and ask again.
    assert 409 in {rival.outcome for rival in rivals}
    assert len(set(Pick.objects.values_list("note", flat=True))) == 1
    assert len(set(DeskChange.objects.values_list("curator", flat=True))) == 1
    assert DeskChange.objects.count() == len(picks) + 1


def test_places_and_notes_are_saved_together() -> None:
    one, two = (make_pick(make_paper(name)) for name in ("One", "Two"))
    desk = sit_down()

    wrong = act(
        desk,
        "order",
        version(desk),
        **{f"place_{one.paper_id}": "", f"note_{one.paper_id}": "Kept <typed>"},
    )
    assert wrong.status_code == 400
    assert "Kept &lt;typed&gt;" in wrong.content.decode()
    act(
        desk,
        "order",
        version(desk),
        **{f"place_{one.paper_id}": 2, f"note_{one.paper_id}": "Last."},
        **{f"place_{two.paper_id}": 1, f"note_{two.paper_id}": ""},
    )

    rows = Pick.objects.order_by("position").values_list("paper__title", "note")
    assert list(rows) == [("Two", ""), ("One", "Last.")]
    assert LogEntry.objects.filter(object_id=str(one.paper_id)).exists()


def test_looking_changes_nothing_and_costs_as_much_for_many_as_for_few() -> None:
    desk = sit_down()

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            look(desk, "&show=all")
        return len(queries)

    def fill() -> None:
        paper = make_paper()
        make_match(make_topic(), paper)
        make_announcement(paper, make_batch())
        make_pick(make_paper())
        hide_paper(make_paper())
        propose(make_paper(), key=f"guid:{paper.pk}")

    fill()
    few = cost()
    for _ in range(6):
        fill()

    assert cost() == few < 30
    assert not DeskChange.objects.exists()


def test_curators_see_what_readers_will_see_and_nobody_else_does() -> None:
    day = TODAY.replace(year=2100)
    make_pick(make_paper("Picked ahead"), day, note="Soon.")
    path = f"/day/{day}/for-curators/"

    response = sit_down().get(path)

    page = response.content.decode()
    assert "Picked ahead" in page
    assert "Soon." in page
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    assert Client().get(path).status_code == 404
    assert sit_down_with("view_paper").get(path).status_code == 404
