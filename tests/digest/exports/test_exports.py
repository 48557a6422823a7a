"""Files of papers: complete, readable by others, and proof against what titles hold."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from digest.exports import FORMATS, Reference, reference_of
from digest.exports.reference import Name, read_name
from digest.models import Paper
from tests.factories import TODAY

HOSTILE = "=HYPERLINK(1) } @misc{x, \r\nER  - \nTY  - JOUR % \\input{/etc/passwd} {"


def paper(**fields: object) -> Reference:
    """A reference to a paper that no table has to hold."""
    made = Paper(
        **{
            "title": "Grasping at $n^2$ straws",
            "authors": [
                {"name": "Ada van Author"},
                {"name": "The ATLAS Collaboration"},
            ],
            "arxiv_id": "2611.00001",
            "doi": "10.1000/a_b",
            "categories": ["cs.RO"],
            "url": "https://arxiv.org/abs/2611.00001",
            "announced_on": TODAY,
            "abstract": "We grasp\n100% of them.",
            **fields,
        }
    )
    return reference_of(made, {"saved": "2026-11-20"})


def written(name: str, *references: Reference) -> str:
    return FORMATS[name].write(references)


def test_bibtex_has_an_entry_for_each_paper_under_its_own_key() -> None:
    text = written("bib", paper(), paper(journal_ref="Journal of Robots 7"))

    assert "@misc{vanauthor2026grasping," in text
    assert "@article{vanauthor2026grasping-2," in text
    assert "  title = {{Grasping at n² straws}}," in text
    assert "  author = {van Author, Ada and {The ATLAS Collaboration}}," in text
    assert "  eprint = {2611.00001}," in text
    assert "  doi = {10.1000/a_b}," in text
    assert r"  abstract = {We grasp 100\% of them.}," in text
    assert "  journal = {Journal of Robots 7}," in text


def test_ris_has_a_record_for_each_paper() -> None:
    lines = written("ris", paper()).split("\r\n")

    assert lines[0] == "TY  - UNPB"
    assert "AU  - van Author, Ada" in lines
    assert "AU  - The ATLAS Collaboration" in lines
    assert "DA  - 2026/11/20" in lines
    assert lines[-3] == "ER  - "


def test_json_and_csv_say_what_the_list_says_too() -> None:
    (row,) = json.loads(written("json", paper()))
    assert row["authors"] == ["Ada van Author", "The ATLAS Collaboration"]
    assert (row["published"], row["saved"]) == ("2026-11-20", "2026-11-20")

    (line,) = csv.DictReader(io.StringIO(written("csv", paper())))
    assert line["authors"] == "Ada van Author; The ATLAS Collaboration"
    assert line["saved"] == "2026-11-20"


def test_nothing_that_a_title_holds_gets_out_of_its_place() -> None:
    hostile = paper(
        title=HOSTILE,
        abstract=HOSTILE,
        journal_ref=HOSTILE,
        url=f"https://example.org/{HOSTILE}",
        doi=HOSTILE,
        authors=[{"name": f"Ann and {HOSTILE}"}],
    )

    bib = written("bib", hostile)
    depth = 0
    for at, character in enumerate(bib):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth > 0 or at >= len(bib) - 2 or at < bib.index("{")
    assert depth == 0
    assert "\\input" not in bib
    ris = written("ris", hostile)
    assert len(re.findall(r"^(?:TY|ER)  -", ris, re.MULTILINE)) == 2
    (row,) = csv.DictReader(io.StringIO(written("csv", hostile)))
    assert row["title"].startswith("'=HYPERLINK")
    assert len(json.loads(written("json", hostile))) == 1


@pytest.mark.parametrize("name", FORMATS)
def test_no_papers_make_a_file_too(name: str) -> None:
    assert written(name).strip() in {"", "[]"}


def test_a_paper_that_says_little_makes_an_entry() -> None:
    bare = reference_of(Paper(title="王小明", url=""))

    assert written("bib", bare) == "@misc{paper,\n  title = {{王小明}},\n}\n"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Ada Author", Name("Author", "Ada")),
        ("Author, Ada", Name("Author", "Ada")),
        ("Ludwig van der Rohe", Name("van der Rohe", "Ludwig")),
        ("de Broglie", Name("Broglie", "de")),
        ("Plato", Name("Plato")),
        ("LIGO Scientific Collaboration", Name("LIGO Scientific Collaboration")),
    ],
)
def test_the_family_name_is_told(printed: str, name: Name) -> None:
    assert read_name(printed) == name
