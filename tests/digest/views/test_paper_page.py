"""The page of one paper: what programs read, what became of it, what is like it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from digest.models import PaperEvent
from digest.pipeline.match.archive import fit_archive
from tests import factories as make
from tests.digest.views.pages import in_order, read
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


def tags_of(text: str) -> list[tuple[str, str]]:
    """Names and contents of the tags in the page's head, in order."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', text)
    return [(name, unescape(content)) for name, content in found]


def test_zotero_finds_what_it_needs(client: Client) -> None:
    paper = make.make_paper(
        r'An $\alpha$-stable "bound" <b>',
        authors=["Ada Author", r"G\"odel, K."],
        doi="10.1234/x",
        journal_ref="J. Exp. 12",
        categories=["cs.LG", "stat.ML"],
    )

    tags = tags_of(read(client, paper.get_absolute_url()))

    for tag in [
        ("citation_title", 'An \u03b1-stable "bound" <b>'),
        ("citation_author", "Ada Author"),
        ("citation_author", "Gödel, K."),
        ("citation_publication_date", "2026/11/20"),
        ("citation_doi", "10.1234/x"),
        ("citation_arxiv_id", paper.arxiv_id),
        ("citation_journal_title", "J. Exp. 12"),
        ("citation_pdf_url", f"https://arxiv.org/pdf/{paper.arxiv_id}"),
        ("citation_abstract_html_url", paper.url),
        ("og:type", "article"),
        ("og:title", 'An \u03b1-stable "bound" <b>'),
        ("og:url", f"https://papers.example.org{paper.get_absolute_url()}"),
        ("og:description", paper.abstract),
    ]:
        assert tag in tags
    assert not [name for name, _ in tags if name == "og:image"]


def test_what_is_not_known_is_not_said(client: Client) -> None:
    paper = make.make_paper(
        arxiv_id="", authors=[], abstract="", url="urn:x", slug="a-paper"
    )

    names = {name for name, _ in tags_of(read(client, paper.get_absolute_url()))}

    assert "citation_title" in names
    assert not names & {
        "citation_author",
        "citation_arxiv_id",
        "citation_pdf_url",
        "citation_doi",
        "og:description",
    }


def test_versions_and_events_are_told_in_order(client: Client) -> None:
    paper = make.make_paper()
    for kind, version, detail in [
        ("new_version", 2, ""),
        ("published", 0, "J. Exp. 12"),
    ]:
        PaperEvent.objects.create(
            paper=paper,
            kind=kind,
            version=version,
            detail=detail,
            happened_on=TODAY,
            recorded_at=NOW,
        )

    text = read(client, paper.get_absolute_url())

    assert in_order(
        text,
        "What became of it",
        "Version 2 on 20 November 2026",
        "Published in J. Exp. 12",
    )


def test_it_can_be_read_where_arxiv_has_it(client: Client) -> None:
    paper = make.make_paper()

    text = read(client, paper.get_absolute_url())

    for folder in ("abs", "pdf", "html"):
        assert f'href="https://arxiv.org/{folder}/{paper.arxiv_id}"' in text


def test_similar_papers_are_shown_and_a_topic_can_be_made(
    client: Client, reader: Client
) -> None:
    paper = make.make_paper(
        "Diffusion policies for robot grasping", abstract="Robot hands grasp objects."
    )
    make.make_paper(
        "Grasping objects by diffusion", abstract="A robot hand grasps an object."
    )
    hidden = make.make_paper("Diffusion policies for robot grasping again")
    make.hide_paper(hidden)
    for number in range(30):
        make.make_paper(
            f"Galaxy survey {number}", abstract=f"Stars and redshifts {number}."
        )
    assert "No recent paper" in read(client, paper.get_absolute_url())

    fit_archive(now=NOW)
    text = read(reader, paper.get_absolute_url())

    assert "Grasping objects by diffusion" in text
    assert "again" not in text
    assert "Galaxy" not in text
    address = f"/preferences/topics/add/?like={paper.slug}"
    assert f'href="{address}"' in text
    form = read(reader, address)
    assert 'value="Diffusion policies for robot grasping"' in form
    assert "Diffusion policies for robot grasping</textarea>" in form


def test_a_topic_like_a_paper_that_is_not_shown_is_a_404(reader: Client) -> None:
    hidden = make.make_paper("Hidden")
    make.hide_paper(hidden)

    for slug in (hidden.slug, "no-such-paper"):
        assert reader.get(f"/preferences/topics/add/?like={slug}").status_code == 404
