"""The papers of each page as files."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from digest.models import Topic
from digest.pipeline.match import search
from tests import factories as make
from tests.digest.views.pages import read
from tests.factories import TODAY

pytestmark = pytest.mark.django_db

PAGES = {
    f"/day/{TODAY}/": f"/day/{TODAY}/papers",
    "/week/2026-W47/": "/week/2026-W47/papers",
    "/month/2026-11/": "/month/2026-11/papers",
    "/trending/": "/trending/papers",
    "/topic/robots/": "/topic/robots/papers",
    "/search/?q=robots": "/search/papers",
}


def titles(client: Client, path: str) -> list[str]:
    """Titles of the papers in a JSON file."""
    response = client.get(path)
    assert response.status_code == 200
    return [entry["title"] for entry in json.loads(response.content)]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("ending", ["bib", "ris", "json", "csv"])
def test_a_page_leads_to_its_papers_as_files(
    client: Client, robots: Topic, path: str, ending: str
) -> None:
    paper = make.make_paper("Deep robots", upvotes=1)
    make.make_match(robots, paper)
    make.hide_paper(make.make_paper("Hidden robots", upvotes=1))
    search.index_papers()

    query = "?q=robots&order=relevance" if path.startswith("/search") else ""
    address = f"{PAGES[path]}.{ending}{query}"
    assert f'href="{address.replace("&", "&amp;")}"' in read(client, path)
    response = client.get(address)
    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert response["X-Robots-Tag"] == "noindex"
    text = response.content.decode()
    assert "Deep robots" in text
    assert "Hidden" not in text


def test_one_paper_is_a_file_too(client: Client) -> None:
    paper = make.make_paper("Deep robots")
    address = f"/paper/{paper.slug}/paper.json"

    assert f'href="{address}"' in read(client, paper.get_absolute_url())
    assert titles(client, address) == ["Deep robots"]


def test_a_file_has_the_order_and_all_pages(client: Client) -> None:
    for number in range(60):
        make.make_paper(f"Paper {number}", upvotes=number)

    found = titles(client, f"/day/{TODAY}/papers.json")

    assert found == [f"Paper {number}" for number in reversed(range(60))]


def test_a_personal_topic_is_a_file_for_its_owner_alone(client: Client) -> None:
    owner = make.make_reader()
    make.make_topic("mine", owner=owner)

    assert client.get("/topic/mine/papers.bib").status_code == 404
    client.force_login(owner)
    response = client.get("/topic/mine/papers.bib")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        f"/day/{TODAY + timedelta(days=1)}/papers.bib",
        f"/day/{TODAY}/papers.exe",
        "/week/9999-W52/papers.bib",
        "/month/2026-12/papers.bib",
        "/topic/nothing/papers.bib",
        "/paper/nothing/paper.bib",
        "/search/papers.bib",
        "/search/papers.bib?q=%22",
    ],
)
def test_what_is_no_set_of_papers_is_a_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
