"""A list of feeds is looked at before it is taken in, and given out as a file."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from digest.models import Source
from digest.sources.opml import OpmlFeed, read_opml, write_opml
from tests import factories
from tests.digest.admin.desk import address, sit_down, sit_down_with

pytestmark = pytest.mark.django_db

IMPORT, EXPORT = "/admin/digest/source/import/", "/admin/digest/source/export/"
LIST = write_opml(
    [
        OpmlFeed("Robots", "https://rss.arxiv.org/rss/cs.RO", "Science"),
        OpmlFeed("<script>alert(1)</script>", "https://notes.example.org/feed"),
        OpmlFeed("Known", "https://known.example.org/feed"),
        OpmlFeed("At home", "http://localhost/feed"),
    ]
)


def upload(client: Client, document: bytes = LIST) -> Any:
    """The page after this file was sent."""
    return client.post(IMPORT, {"file": SimpleUploadedFile("feeds.opml", document)})


def confirm(client: Client, page: Any, **answers: str) -> Any:
    """The page after the button of the dry run was pressed."""
    feeds = page.context["confirm"].initial["feeds"]
    return client.post(IMPORT, {"feeds": feeds, **answers}, follow=True)


def test_the_dry_run_says_what_each_feed_would_become_and_makes_nothing() -> None:
    factories.make_source(address="https://known.example.org/feed")

    response = upload(sit_down())

    told = {
        row["feed"].title: (str(row["kind"]), str(row["fate"]), row["reason"])
        for row in response.context["rows"]
    }
    feed = "any RSS, Atom or JSON feed"
    assert told == {
        "Robots": ("arXiv RSS", "new", ""),
        "<script>alert(1)</script>": (feed, "new", ""),
        "Known": (feed, "a source already", ""),
        "At home": (feed, "refused", "localhost is not a public address."),
    }
    page = response.content.decode()
    assert "Add 2 sources" in page
    assert "<script>alert(1)" not in page
    assert Source.objects.count() == 1


@pytest.mark.parametrize(
    ("answers", "is_active"), [({}, False), ({"is_active": "on"}, True)]
)
def test_confirming_it_makes_the_new_ones_and_writes_down_who_did(
    answers: dict[str, str],
    is_active: bool,  # noqa: FBT001
) -> None:
    factories.make_source(address="https://known.example.org/feed")
    client = sit_down()

    response = confirm(client, upload(client), **answers)

    assert "2 sources added." in response.content.decode()
    made = Source.objects.exclude(address="https://known.example.org/feed")
    assert list(made.order_by("slug").values_list("slug", "kind", "is_active")) == [
        ("robots", "arxiv_rss", is_active),
        ("scriptalert1script", "feed", is_active),
    ]
    assert LogEntry.objects.count() == 2


def test_confirming_it_twice_makes_nothing_twice() -> None:
    client = sit_down()
    page = upload(client)

    confirm(client, page)
    confirm(client, page)

    assert Source.objects.count() == 3


def test_what_is_sent_back_is_checked_again() -> None:
    feeds = write_opml([OpmlFeed("At home", "http://localhost/feed")]).decode()

    sit_down().post(IMPORT, {"feeds": feeds})

    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (b"<html></html>", "no OPML list"),
        (b"", "is empty"),
        (write_opml([]), "names no feeds"),
        (b"<opml><body>" + b" " * 500_000, "larger than 500 kB"),
        (b'<!DOCTYPE x [<!ENTITY y "z">]><opml><body/></opml>', "an entity of its own"),
    ],
)
def test_what_is_no_list_is_refused_in_words(document: bytes, words: str) -> None:
    response = upload(sit_down(), document)

    assert words in str(response.context["form"].errors["file"])


def test_a_list_without_news_has_no_button() -> None:
    document = write_opml([OpmlFeed("At home", "http://localhost/feed")])

    page = upload(sit_down(), document).content.decode()

    assert "Nothing in it is new." in page
    assert 'class="default"' not in page


def test_the_export_is_a_list_that_can_be_imported() -> None:
    factories.make_source(name="B", address="https://b.example.org/f", is_active=False)
    factories.make_source(name="A", address="https://a.example.org/f?x=1&y=2")
    factories.make_source(kind="sample", address="sample:papers.json")

    response = sit_down_with("view_source").get(EXPORT)

    assert "attachment" in response.headers["Content-Disposition"]
    assert read_opml(response.content) == [
        OpmlFeed("A", "https://a.example.org/f?x=1&y=2"),
        OpmlFeed("B", "https://b.example.org/f"),
    ]


def test_who_may_look_exports_and_who_may_add_imports() -> None:
    client = sit_down_with("view_source")

    page = client.get(address(Source)).content.decode()
    assert EXPORT in page
    assert IMPORT not in page
    assert client.get(IMPORT).status_code == 403
    assert upload(client).status_code == 403
    assert reverse("admin:digest_source_import") == IMPORT


def test_who_may_do_neither_does_neither() -> None:
    client = sit_down_with("view_topic")

    assert client.get(EXPORT).status_code == 403
