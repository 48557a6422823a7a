"""The reading list: read and unread, as files, and shared by a link."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from digest.models import Paper, SavedPaper, Schedule
from tests.digest.views.steps import all_rows, manage
from tests.factories import NOW, hide_paper, make_paper, make_reader, save_paper

pytestmark = pytest.mark.django_db

LIST = "/reading-list/"


@pytest.fixture
def saved(ada: User) -> SavedPaper:
    """The newer of Ada's two papers."""
    save_paper(ada, make_paper("Stairs"), read_at=NOW)
    return save_paper(ada, make_paper("Grasping"))


def text_of(client: Client, path: str = LIST) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def shared_path() -> str:
    return f"/list/{Schedule.objects.get(list_token__isnull=False).list_token}/"


def test_it_asks_who_is_there(client: Client, schedule: Schedule) -> None:
    assert client.get(LIST)["Location"].startswith("/account/login/")
    manage(client, schedule)
    assert "Nothing saved yet." in text_of(client)


def test_a_paper_is_read_and_unread_and_taken_off(
    reader: Client, saved: SavedPaper
) -> None:
    page = text_of(reader)
    assert "All (2)" in page
    assert "Unread (1)" in page
    assert page.index("Grasping") < page.index("Stairs")
    assert "Stairs" not in text_of(reader, f"{LIST}unread/")
    assert "Grasping" not in text_of(reader, f"{LIST}read/")

    answer = reader.post(f"{LIST}unread/", {"read": saved.pk})
    assert answer["Location"] == f"{LIST}unread/"
    saved.refresh_from_db()
    assert saved.read_at == NOW

    reader.post(LIST, {"unread": saved.pk})
    saved.refresh_from_db()
    assert saved.read_at is None

    reader.post(LIST, {"remove": saved.pk})
    assert SavedPaper.objects.count() == 1
    assert reader.get(f"{LIST}other/").status_code == 404


def test_nobody_touches_anothers_list(reader: Client) -> None:
    other = save_paper(make_reader(), make_paper())
    rows = all_rows()

    for button in ("read", "unread", "remove"):
        assert reader.post(LIST, {button: other.pk}).status_code == 400
    for sent in ({}, {"read": "x"}, {"remove": "9" * 5000}, {"burn": "1"}):
        assert reader.post(LIST, sent).status_code == 400

    assert all_rows() == rows


def test_hidden_and_merged_papers_are_not_on_it(
    reader: Client, ada: User, saved: SavedPaper
) -> None:
    hide_paper(saved.paper)
    Paper.objects.filter(title="Stairs").update(merged_into=saved.paper)

    assert "All (0)" in text_of(reader)


@pytest.mark.parametrize(
    ("ending", "content_type"),
    [
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
        ("json", "application/json"),
        ("csv", "text/csv; charset=utf-8"),
    ],
)
def test_it_is_taken_along_as_a_file(
    reader: Client, saved: SavedPaper, ending: str, content_type: str
) -> None:
    answer = reader.get(f"{LIST}export.{ending}")

    assert answer["Content-Type"] == content_type
    assert f'filename="reading-list.{ending}"' in answer["Content-Disposition"]
    assert "Grasping" in answer.content.decode()
    assert f"{LIST}export.{ending}" in text_of(reader)
    assert reader.get(f"{LIST}export.exe").status_code == 404


def test_the_file_says_what_is_read(reader: Client, saved: SavedPaper) -> None:
    rows = json.loads(reader.get(f"{LIST}export.json").content)

    assert [(row["title"], row["read"]) for row in rows] == [
        ("Grasping", ""),
        ("Stairs", "2026-11-20"),
    ]


def test_it_is_shared_by_a_link_that_is_renewed_and_taken_back(
    reader: Client, machine: Client, saved: SavedPaper
) -> None:
    reader.post(LIST, {"share": "1"})
    first = shared_path()
    assert f"https://papers.example.org{first}" in text_of(reader)

    answer = machine.get(first)
    page = answer.content.decode()
    assert "Grasping" in page
    assert "ada" not in page.lower().replace("ada author", "")
    assert "Read on" not in page
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies
    (row, _other) = json.loads(machine.get(f"{first}export.json").content)
    assert "read" not in row

    reader.post(LIST, {"share": "1"})
    assert machine.get(first).status_code == 404
    second = shared_path()
    assert machine.get(second).status_code == 200

    reader.post(LIST, {"stop": "1"})
    for path in (second, f"{second}export.bib", "/list/short/"):
        assert machine.get(path).status_code == 404


def test_a_shared_list_cannot_be_written_to(reader: Client, saved: SavedPaper) -> None:
    reader.post(LIST, {"share": "1"})

    assert Client().post(shared_path(), {"remove": saved.pk}).status_code == 405


def test_it_takes_as_many_queries_for_many_papers_as_for_few(
    reader: Client, ada: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        save_paper(ada, make_paper(f"Paper {number}"))

    with django_assert_max_num_queries(9):
        reader.get(LIST)
