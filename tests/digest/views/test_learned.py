"""The page of what was learned: it shows all that was said, and takes it back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from digest.models import Mark, Mute, SavedPaper, Topic
from digest.pipeline.match.archive import fit_archive
from digest.reading import taste
from tests.digest.pipeline.tastes import fill_archive, legged, suction
from tests.digest.views.steps import all_rows
from tests.factories import NOW, make_mark, make_match, make_paper, make_reader

pytestmark = pytest.mark.django_db

PAGE = "/preferences/learned/"


def text_of(reader: Client) -> str:
    response = reader.get(PAGE)
    assert response.status_code == 200
    return str(response.content.decode())


def press(reader: Client, **sent: Any) -> Any:
    return reader.post(PAGE, sent)


def test_it_asks_who_is_there(client: Client, schedule: Any) -> None:
    assert client.get(PAGE)["Location"].startswith("/account/login/")


def test_it_shows_words_that_can_be_unlearned_and_learned_again(
    reader: Client, ada: User, robots: Topic
) -> None:
    fill_archive()
    taste.mark_more(ada, suction("Suction for robots"), topic=robots, now=NOW)
    taste.mark_less(ada, legged("Stairs"), topic=robots, now=NOW)
    fit_archive(now=NOW)

    page = text_of(reader)
    assert "Unlearn “suction”" in page
    assert "Suction for robots" in page
    assert "Stairs" in page

    press(
        reader, unlearn=taste.what_was_learned(ada, [robots])[robots.pk].terms[0].stem
    )
    mute = Mute.objects.get()
    assert mute.kind == "learned"
    page = text_of(reader)
    assert "This word is not learned any more." in page
    assert "Words not to learn" in page

    press(reader, unmute=mute.pk)
    assert not Mute.objects.exists()


def test_what_was_said_of_papers_is_taken_back(
    reader: Client, ada: User, robots: Topic
) -> None:
    liked, saved, other = make_paper("Liked"), make_paper("Saved"), make_paper("Other")
    for paper in (liked, saved):
        make_match(robots, paper)
    make_mark(ada, liked)
    taste.save(ada, saved, now=NOW)
    make_mark(ada, other, "less")
    page = text_of(reader)
    assert page.index("Robotics") < page.index("Liked") < page.index("Other papers")

    press(reader, undo="more", paper=liked.pk)
    press(reader, undo="save", paper=saved.pk)
    press(reader, undo="less", paper=other.pk)

    assert not Mark.objects.exists()
    assert not SavedPaper.objects.exists()
    assert "Nothing yet." in text_of(reader)


def test_words_and_authors_are_muted_and_unmuted(reader: Client) -> None:
    press(reader, mute="word", text="large language models")
    press(reader, mute="author", text="Jane Doe")

    page = text_of(reader)
    assert "Unmute: large language models" in page
    assert "Unmute: Jane Doe" in page

    for mute in Mute.objects.all():
        press(reader, unmute=mute.pk)
    assert not Mute.objects.exists()


def test_what_cannot_be_muted_is_told_and_can_be_mended(reader: Client) -> None:
    answer = press(reader, mute="word", text='say "this"')

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Leave out the quotation marks." in page
    assert "say &quot;this&quot;" in page


def test_other_buttons_and_others_rows_are_left_alone(reader: Client) -> None:
    other = make_reader()
    make_mark(other, make_paper())
    mute = taste.mute_word(other, "survey", now=NOW)
    rows = all_rows()

    for sent in ({}, {"undo": "more", "paper": "x"}, {"undo": "more"}, {"mute": "all"}):
        assert press(reader, **sent).status_code == 400
    press(reader, unmute=mute.pk)
    press(reader, undo="more", paper=Mark.objects.get().paper_id)

    assert Mute.objects.get() == mute
    assert Mark.objects.get().user == other
    assert rows.count("mark") == all_rows().count("mark")


def test_it_takes_as_many_queries_for_many_papers_as_for_few(
    reader: Client, ada: User, robots: Topic, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        paper = make_paper(f"Paper {number}")
        make_match(robots, paper)
        make_mark(ada, paper)

    with django_assert_max_num_queries(20):
        reader.get(PAGE)
