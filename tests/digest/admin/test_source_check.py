"""An address is looked at before it becomes a source; nothing is written."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils.html import escape

from digest.models import Paper, Source
from tests import factories
from tests.digest.admin.desk import address, sit_down, sit_down_with
from tests.digest.sources.servers import serving

pytestmark = pytest.mark.django_db

FEED = b"""<rss version="2.0"><channel><title>Notes &amp; asides</title>
<item><title>On &lt;script&gt;sleep</title><link>https://notes.example.org/1</link>
<guid>notes-1</guid><author>Ann, Ben, Cat, Dan</author><category>cs.LG</category>
<pubDate>Thu, 16 Apr 2026 00:00:00 +0000</pubDate>
<description>Why we do.</description></item>
<item><title>On waking</title><link>https://notes.example.org/2</link></item>
<item><link>https://notes.example.org/3</link></item>
</channel></rss>"""
PAGE = b"""<!doctype html><html><head><title>Notes</title>
<link rel="alternate" type="application/rss+xml" title="All"
href="https://notes.example.org/feed">
<link rel="alternate" type="application/rss+xml" title="Robots"
href="https://rss.arxiv.org/rss/cs.RO">
</head><body>Welcome</body></html>"""
CHECK = "/admin/digest/source/check/"


@pytest.fixture(autouse=True)
def on_loopback(settings: Any) -> None:
    """Let the page ask the test's own server."""
    settings.DIGEST_FETCH_ALLOW_PRIVATE = True


def asked_for(typed: str) -> Any:
    """The page after this address was typed and sent."""
    return sit_down().post(CHECK, {"address": typed})


def filled_in(path: str) -> dict[str, str]:
    """What a link fills into the form of a new source."""
    url = urlsplit(path)
    assert url.path == reverse("admin:digest_source_add")
    return {key: values[0] for key, values in parse_qs(url.query).items()}


def test_the_page_is_found_from_the_list_and_from_the_form() -> None:
    client = sit_down()

    for page in ("changelist", "add"):
        assert CHECK in client.get(address(Source, page)).content.decode()


def test_opening_it_fetches_nothing_whatever_its_address_says() -> None:
    with serving({"/feed": (200, {}, FEED)}) as server:
        response = sit_down().get(CHECK, {"address": f"{server.url}/feed"})

        assert response.status_code == 200
        assert server.asked == []


def test_it_shows_a_feed_and_leads_to_a_form_that_is_filled_in() -> None:
    with serving({"/feed": (200, {}, FEED)}) as server:
        response = asked_for(f"{server.url}/feed")
        typed = f"{server.url}/feed"

    page = response.content.decode()
    for words in (
        "Notes &amp; asides",
        "Read as any RSS, Atom or JSON feed: 2 papers, 1 without an abstract.",
        "Ann, Ben, Cat and others",
        "04/16/2026",
        "cs.LG",
    ):
        assert words in page
    assert "<script>sleep" not in page
    [problem] = response.context["preview"].parsed.problems
    assert escape(problem) in page
    assert filled_in(response.context["offer"].add_path) == {
        "name": "Notes & asides",
        "slug": "notes-asides",
        "kind": "feed",
        "address": typed,
    }
    assert not Source.objects.exists()
    assert not Paper.objects.exists()


def test_the_form_it_leads_to_holds_what_was_found() -> None:
    with serving({"/feed": (200, {}, FEED)}) as server:
        add_path = asked_for(f"{server.url}/feed").context["offer"].add_path

    initial = sit_down("other@example.org").get(add_path).context["adminform"].form
    assert initial.initial["name"] == "Notes & asides"
    assert initial.initial["kind"] == "feed"


def test_it_shows_the_feeds_that_a_web_page_names() -> None:
    with serving({"/": (200, {}, PAGE)}) as server:
        response = asked_for(f"{server.url}/")

    notes, robots = response.context["feeds"]
    assert (notes.title, notes.address) == ("All", "https://notes.example.org/feed")
    assert filled_in(robots.add_path)["kind"] == "arxiv_rss"
    assert 'value="https://notes.example.org/feed"' in response.content.decode()


def test_it_says_where_a_feed_has_moved_for_good_and_offers_that() -> None:
    answers = {"/old": (301, {"Location": "/feed"}, b""), "/feed": (200, {}, FEED)}
    with serving({**answers}) as server:
        response = asked_for(f"{server.url}/old")
        moved_to = f"{server.url}/feed"

    assert response.context["offer"].address == moved_to
    assert f"It has moved for good to {moved_to}." in response.content.decode()


def test_it_says_which_source_an_address_is_already() -> None:
    with serving({"/feed": (200, {}, FEED)}) as server:
        source = factories.make_source(name="Ours", address=f"{server.url}/feed")
        page = asked_for(f"{server.url}/feed").content.decode()

    assert "It is a source already:" in page
    assert address(Source, "change", source.pk) in page
    assert "Add as a source" not in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((404, {}, b""), "answered 404"),
        ((200, {}, b"<!doctype html><html><body>Hi</body></html>"), "a web page"),
        ((200, {}, b""), "empty"),
    ],
)
def test_it_says_why_an_address_cannot_be_a_source(answer: Any, words: str) -> None:
    with serving({"/": answer}) as server:
        response = asked_for(f"{server.url}/")

    assert words in str(response.context["form"].errors["address"])
    assert "offer" not in response.context


@pytest.mark.parametrize(
    "typed",
    ["", "http://127.0.0.1/", "file:///etc/passwd", "http://[broken", "x" * 2001],
)
def test_it_asks_nobody_for_an_address_that_may_not_be_fetched(
    typed: str, settings: Any
) -> None:
    settings.DIGEST_FETCH_ALLOW_PRIVATE = False

    response = asked_for(typed)

    assert response.status_code == 200
    assert response.context["form"].errors["address"]


def test_who_may_add_no_source_checks_no_address() -> None:
    client = sit_down_with("view_source")

    assert client.get(CHECK).status_code == 403
    assert client.post(CHECK, {"address": "https://example.org"}).status_code == 403
    assert CHECK not in client.get(address(Source)).content.decode()
