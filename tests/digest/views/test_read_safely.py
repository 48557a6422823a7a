"""The reading pages: text stays text, hidden stays hidden, few queries, no change."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from digest.models import Topic
from tests import factories as make
from tests.digest.views.pages import read
from tests.digest.views.steps import all_rows
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def test_text_from_outside_stays_text(client: Client, robots: Topic) -> None:
    attack = "<script>alert(1)</script> robots"
    paper = make.make_paper(
        attack, authors=[attack, "B"], abstract=attack, organisation=attack
    )
    make.make_match(robots, paper, evidence=[{"text": attack, "field": "title"}])
    make.make_pick(paper, note=attack)
    digest = make.make_digest(make.make_reader())
    make.make_item(digest, paper, robots, note=attack)

    for path in (
        "/",
        f"/day/{TODAY}/",
        "/topic/robots/",
        paper.get_absolute_url(),
        digest.get_absolute_url(),
    ):
        text = read(client, path)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; robots" in text


def test_a_script_never_becomes_a_link(client: Client) -> None:
    paper = make.make_paper(
        url="javascript:alert(1)",
        license_url="javascript:alert(2)",
        signals={"code_url": "javascript:alert(3)", "project_url": "data:text/html,x"},
    )

    for path in ("/", paper.get_absolute_url()):
        text = read(client, path)
        assert 'href="javascript:' not in text
        assert 'href="data:' not in text


def test_tex_is_readable(client: Client) -> None:
    paper = make.make_paper(
        r"An $\alpha$-stable bound", authors=[r"G\"odel, K."], abstract="$x^2 \\leq 1$"
    )

    for path in ("/", paper.get_absolute_url()):
        text = read(client, path)
        assert "An \u03b1-stable bound" in text
        assert "Gödel" in text
        assert "x² ≤ 1" in text


def test_a_hidden_paper_is_nowhere(client: Client, robots: Topic) -> None:
    hidden = make.make_paper("Hidden thing", upvotes=99)
    make.make_match(robots, hidden)
    make.make_pick(hidden)
    digest = make.make_digest(make.make_reader())
    make.make_item(digest, hidden, robots)
    make.make_item(digest, make.make_paper("Shown thing"), robots)
    make.hide_paper(hidden)

    for path in (
        "/",
        f"/day/{TODAY}/",
        "/topic/robots/",
        digest.get_absolute_url(),
    ):
        assert "Hidden thing" not in read(client, path)
    assert client.get(hidden.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 14),
        (f"/day/{TODAY}/", 11),
        ("/topics/", 2),
        ("/topic/robots/", 8),
        ("/status/", 4),
    ],
)
def test_a_page_takes_as_many_queries_for_one_paper_as_for_many(
    client: Client,
    robots: Topic,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    path: str,
    most: int,
) -> None:
    for _ in range(30):
        paper = make.make_paper()
        make.make_match(robots, paper)
        make.make_announcement(paper, make.make_batch())
        make.make_pick(paper)

    with django_assert_max_num_queries(most):
        client.get(path)


def test_a_digest_takes_few_queries(
    client: Client,
    robots: Topic,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    digest = make.make_digest(make.make_reader())
    for _ in range(30):
        make.make_item(digest, make.make_paper(), robots)

    with django_assert_max_num_queries(4):
        client.get(digest.get_absolute_url())


def test_a_paper_takes_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    paper = make.make_paper()

    with django_assert_max_num_queries(6):
        client.get(paper.get_absolute_url())


def all_paths(robots: Topic) -> list[str]:
    """One address of each reading page, all with something to show."""
    paper = make.make_paper()
    make.make_announcement(paper, make.make_batch(entry_count=1))
    make.make_match(robots, paper)
    digest = make.make_digest(make.make_reader())
    make.make_item(digest, paper, robots)
    return [
        "/",
        f"/day/{TODAY}/",
        "/topics/",
        "/topic/robots/",
        paper.get_absolute_url(),
        digest.get_absolute_url(),
        "/status/",
    ]


def test_reading_changes_nothing(client: Client, robots: Topic) -> None:
    paths = all_paths(robots)
    before = all_rows()

    for path in paths:
        client.get(path)
        client.head(path)
        assert client.post(path).status_code == 405

    assert all_rows() == before


def test_members_pages_are_closed_to_strangers_but_a_digest_is_not(
    client: Client, robots: Topic, settings: Settings
) -> None:
    settings.DIGEST_PAGES = "members"
    paths = all_paths(robots)

    for path in paths:
        response = client.get(path)
        if path.startswith("/digest/"):
            assert response.status_code == 200
        else:
            assert response.status_code == 403
            assert 'href="/subscribe/"' in response.content.decode()
    assert client.get("/subscribe/").status_code == 200


def test_members_read_on_signed_in_or_by_the_link_of_a_mail(
    client: Client, robots: Topic, settings: Settings
) -> None:
    settings.DIGEST_PAGES = "members"
    reader = make.make_reader()
    make.make_paper()
    by_link = Client()
    by_link.get(f"/m/{reader.schedule.manage_token}/")
    client.force_login(reader)

    for member in (client, by_link):
        response = member.get("/")
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", ["/paper/a%00b/", "/topic/a%00b/", "/digest/%00/"])
def test_a_nul_in_an_address_is_a_page_that_is_not_there(
    client: Client, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_a_nul_in_the_topic_of_the_form_ticks_nothing(client: Client) -> None:
    assert client.get("/subscribe/?topic=%00").status_code == 200


def test_every_page_refuses_devices_and_use_by_other_sites(client: Client) -> None:
    page = client.get("/topics/")

    assert "camera=()" in page["Permissions-Policy"]
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_reading_page_goes_out_packed(client: Client, db: None) -> None:
    for number in range(3):
        make.make_paper(f"Robots {number}")

    response = client.get("/", headers={"accept-encoding": "gzip"})

    assert response["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response["Vary"]
    assert b"Robots 2" in gzip.decompress(response.content)
