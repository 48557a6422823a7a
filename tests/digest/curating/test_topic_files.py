"""Topics given out as a file come back as they were; its changes are taken in."""

from __future__ import annotations

import time
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from digest.curating import topic_files
from digest.models import Topic
from digest.starter.load import load_topics
from tests.digest.admin.desk import sit_down, sit_down_with
from tests.factories import make_reader, make_topic

pytestmark = pytest.mark.django_db

PAGE = "/admin/digest/topic/import/"
WRITTEN = """
[[topic]]
slug = "robots"
name = "Walking robots"
description = "Machines that walk."
query = "robots"
"""


def run(name: str, *args: Any) -> str:
    """The output of a command."""
    out = StringIO()
    call_command(name, *map(str, args), stdout=out)
    return out.getvalue()


def test_the_starter_topics_come_back_as_they_were(tmp_path: Path) -> None:
    load_topics()
    before = list(Topic.objects.order_by("pk").values())
    path = tmp_path / "topics.toml"

    assert run("export_topics", path) == f"31 topics in {path}.\n"
    assert run("export_topics") == path.read_text()
    judged = topic_files.judge(path.read_text())

    assert {one.fate for one in judged} == {"same"}
    assert run("import_topics", path).endswith(
        "0 new, 0 changed, 31 same, 0 refused.\n"
    )
    assert list(Topic.objects.order_by("pk").values()) == before
    Topic.objects.all().delete()
    run("import_topics", path)
    assert Topic.objects.count() == 31
    assert topic_files.export_topics()[0] == path.read_text()


def test_whatever_stands_in_a_topic_survives() -> None:
    make_topic(
        "odd",
        name='A "name" \\ with\ttabs\x7f',
        description="",
        query='title:"robots"',
        wish="\"\"\" and '''\nÜber \\n robots",
        strictness=-2,
        position=7,
    )
    text, _count = topic_files.export_topics()

    (row,) = tomllib.loads(text)["topic"]
    assert row["name"] == 'A "name" \\ with\ttabs\x7f'
    (one,) = topic_files.judge(text)
    assert (one.fate, one.fields) == ("same", ())


def test_a_dry_run_says_what_would_be_done_and_does_nothing(tmp_path: Path) -> None:
    make_topic("robots", name="Robots", query="robots", position=40)
    make_topic("fish", query="fish", position=50)
    path = tmp_path / "t.toml"
    fish = '[[topic]]\nslug = "fish"\nname = "Fish"\nquery = "(fish"\n'
    new = '[[topic]]\nslug = "new"\nname = "New"\nquery = "new"\n'
    path.write_text(WRITTEN + fish + new)

    said = run("import_topics", path, "--dry-run")

    assert "changed  robots: name, description\n" in said
    assert "refused  fish: The query cannot be read at character 1" in said
    assert said.endswith("1 new, 1 changed, 0 same, 1 refused; nothing written.\n")
    assert Topic.objects.get(slug="robots").name == "Robots"
    run("import_topics", path)
    assert Topic.objects.get(slug="robots").name == "Walking robots"
    assert Topic.objects.get(slug="new").position == 51
    assert Topic.objects.get(slug="fish").query == "fish"


def test_another_order_in_the_file_is_taken_over() -> None:
    one, two = make_topic("one", position=1), make_topic("two", position=2)
    first, second = topic_files.export_topics()[0].split("\n\n")

    topic_files.take_in(topic_files.judge(f"{second}\n\n{first}"))

    one.refresh_from_db()
    two.refresh_from_db()
    assert (two.position, one.position) == (10, 20)


def test_what_cannot_be_is_refused_with_the_reason() -> None:
    def reason(text: str) -> str:
        (judged,) = topic_files.judge(text)
        assert judged.fate == "refused"
        return judged.reason

    topic = make_topic("robots", owner=make_reader())
    assert "reader's own" in reason(WRITTEN)
    Topic.objects.update(owner=None, is_retired=True)
    assert "retired" in reason(WRITTEN)
    Topic.objects.update(is_retired=False, kind="daily", query="")
    assert "another kind" in reason(WRITTEN)
    topic.delete()
    assert "name:" in reason(WRITTEN.replace("Walking robots", "x" * 81))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    path.write_text("[[topic]]\nslug = 'a'\n")
    with pytest.raises(CommandError, match=r"t\.toml, a: name is missing"):
        run("import_topics", path)
    with pytest.raises(CommandError, match="No such file"):
        run("import_topics", tmp_path / "none.toml")
    with pytest.raises(CommandError, match="No such file"):
        run("export_topics", tmp_path / "no folder" / "t.toml")


def test_the_desk_shows_a_file_before_it_is_taken_in() -> None:
    make_topic("robots", name="Robots", query="robots")
    client = sit_down()

    shown = client.post(PAGE, {"file": SimpleUploadedFile("t", WRITTEN.encode())})

    page = shown.content.decode()
    assert "<td>name, description</td>" in page
    assert Topic.objects.get().name == "Robots"
    client.post(PAGE, {"text": WRITTEN.replace("\n", "\r\n"), "confirmed": "yes"})
    assert Topic.objects.get().name == "Walking robots"
    assert LogEntry.objects.get().change_message == "Taken in from a file."
    wrong = client.post(PAGE, {"file": SimpleUploadedFile("t", b"[[topic\xff")})
    assert "errorlist" in wrong.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "topic = [1, 2]",
        "topic = " + "[" * 100_000,
        "topic = " + "9" * 5_000,
        "a" + ".a" * 200_000 + " = 1",
        WRITTEN.replace("Walking", "Walk\\u0000ing"),
    ],
)
def test_a_file_made_to_break_its_reader_is_told_at_once(text: str) -> None:
    started = time.process_time()

    answer = sit_down().post(PAGE, {"text": text, "confirmed": "yes"})

    assert "errorlist" in answer.content.decode()
    assert time.process_time() - started < 3
    assert not Topic.objects.exists()


def test_files_are_for_those_who_may() -> None:
    make_topic("robots")
    helper = sit_down_with("view_topic")

    answer = helper.get("/admin/digest/topic/export/")
    assert answer["Content-Disposition"].endswith('.toml"')
    assert b'slug = "robots"' in answer.content
    assert helper.post(PAGE, {"text": WRITTEN}).status_code == 403
    assert sit_down().get(PAGE).status_code == 200
