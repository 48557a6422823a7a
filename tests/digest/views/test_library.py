"""A topic begun from the file of a reference manager."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from digest.forms.library import PROBLEMS, REFUSALS
from digest.models import Topic
from tests.digest.imports.libraries import BIBTEX
from tests.factories import make_paper

ADD = "/preferences/topics/add/"


def send(reader: Client, data: bytes | str, **fields: str) -> str:
    content = data.encode() if isinstance(data, str) else data
    file = SimpleUploadedFile("library.bib", content)
    page = reader.post(ADD, {"name": "", "library": file, "try": "1", **fields})
    assert page.status_code == 200
    return str(page.content.decode())


def test_a_file_fills_the_form_and_is_tried_at_once(reader: Client, ada: User) -> None:
    paper = make_paper("Attention", canonical_id="arxiv:1706.03762")

    page = send(reader, BIBTEX, wish="my own words")

    assert "3 papers were read; 1 of them known here." in page
    assert f'name="examples" value="{paper.slug}" checked' in page
    assert "my own words\nDeep Reinforcement Learning" in page
    assert "What it would have brought" in page
    assert not Topic.objects.filter(owner=ada).exists()


def test_saving_with_a_file_shows_first_what_came_of_it(
    reader: Client, ada: User
) -> None:
    file = SimpleUploadedFile("library.bib", BIBTEX.encode())

    page = reader.post(ADD, {"name": "Mine", "wish": "robots", "library": file})

    assert "Nothing is saved yet." in page.content.decode()
    assert not Topic.objects.filter(owner=ada).exists()


def test_what_is_broken_is_named_with_its_line(reader: Client) -> None:
    page = send(reader, "@a{ok, title={A}}\n@a{bad title={B}}\n@a{<b>, author={x}}")

    assert "1 paper was read" in page
    assert "Line 2: Entry “bad” cannot be read" in page
    assert "Line 3: Entry “&lt;b&gt;” has no title." in page


def test_the_rest_of_many_problems_is_counted(reader: Client) -> None:
    page = send(reader, "@a{ok, title={A}}\n" + "@a{bad title={B}}\n" * 12)

    assert page.count("cannot be read") == 10
    assert "And 2 more." in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"x" * 1_000_001, "The file is larger than 1 MB."),
        (b"", "There is nothing in this file."),
        (b"Dear editor", "This is no BibTeX, RIS or CSL-JSON"),
        (b"@a{k,\ntitle={caf\xe9}}", "not in UTF-8: line 2"),
        (b"[1,\n2,,]", "Line 2: This is not valid JSON."),
        (b"@a{k,\ntitle=" + b"{" * 100_000, "Line 2: Brackets are nested too deep"),
        (b"@a{" * 300_000, "more than 2,000 entries"),
    ],
    ids=["large", "empty", "letter", "latin-1", "json", "deep", "many"],
)
def test_a_hopeless_file_is_refused_and_what_was_typed_stays(
    reader: Client, data: bytes, sentence: str
) -> None:
    page = send(reader, data, wish="soft robots")

    assert sentence in page
    assert "soft robots</textarea>" in page


def test_a_file_of_broken_entries_alone_says_so(reader: Client) -> None:
    page = send(reader, "@a{bad title={B}}")

    assert "Line 1: Entry “bad” cannot be read" in page
    assert "0 papers were read" in page


def test_no_file_is_required(reader: Client) -> None:
    page = reader.get(ADD).content.decode()

    field = page[page.index('type="file"') :].partition(">")[0]
    assert "required" not in field


def test_every_code_has_its_sentence() -> None:
    assert set(REFUSALS) == {
        *("too_large", "encoding", "unknown_kind", "nothing", "too_many", "too_deep"),
        "json",
    }
    assert set(PROBLEMS) == {"broken", "unfinished", "outside", "no_title"}
