"""Documents that are broken, hostile or no feed at all."""

import time
from pathlib import Path

import pytest

from digest.sources import arxiv
from digest.sources.entry import NotAFeed
from tests.digest.sources.feeds import item, rss


@pytest.mark.parametrize(
    "reference",
    ["&#xD800;", "&#xdfff;", "&#0;", "&#8;", "&#x1c;", "&#xFFFF;", "\x00", "\x0b"],
)
def test_a_forbidden_character_does_not_fail_the_feed(reference: str) -> None:
    parsed = arxiv.parse(
        rss(item(title=f"a{reference} &lt;b"), item(bare="2408.05678"))
    )

    assert [entry.title for entry in parsed.entries] == ["a <b", "A title"]
    assert parsed.problems == ("Characters that XML forbids were left out.",)


def test_a_feed_cut_inside_its_last_entry_keeps_those_before() -> None:
    whole = rss(item(), item(bare="2408.05678", abstract="Long $a&lt;b$ abstract."))
    cut = whole[: whole.rindex(b"abstract.")]

    parsed = arxiv.parse(cut)

    assert [entry.arxiv_id for entry in parsed.entries] == ["2408.01234"]
    assert any("breaks off" in problem for problem in parsed.problems)


def test_a_feed_cut_between_entries_keeps_all_that_are_whole() -> None:
    whole = rss(item(title="$a&lt;b$"), item(bare="2408.05678"))
    cut = whole[: whole.rindex(b"</channel>")]

    parsed = arxiv.parse(cut)

    assert [entry.title for entry in parsed.entries] == ["$a<b$", "A title"]
    assert parsed.problems == ("The document is not well-formed.",)


def test_garbage_behind_the_document_changes_nothing() -> None:
    parsed = arxiv.parse(rss(item()) + b"<!-- x --> trailing <b>")

    assert [entry.arxiv_id for entry in parsed.entries] == ["2408.01234"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"<!DOCTYPE html><html><title>Sign in</title><body><p>x</body></html>",
        b'{"error": "no"}',
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"/etc/passwd",
        b"file:///etc/passwd",
        b"<opml><body/></opml>",
        b'<?xml version="1.0" encoding="utf-7"?><rss version="2.0"><channel/></rss>',
        b'<?xml version="1.0" encoding="undefined"?><rss version="2.0"></rss>',
    ],
)
def test_anything_else_is_no_feed(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        arxiv.parse(body)


def test_the_name_of_a_file_is_no_feed_whatever_the_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(item()))

    for name in (str(path), path.as_uri()):
        with pytest.raises(NotAFeed):
            arxiv.parse(name.encode())


@pytest.mark.parametrize(
    "content_type",
    ["text/html", "image/png", "application/json; charset=koi8-r", "text/xml; ="],
)
def test_a_wrong_content_type_does_not_matter(content_type: str) -> None:
    [entry] = arxiv.parse(
        rss(item(title="Poincaré")), content_type=content_type
    ).entries

    assert entry.title == "Poincaré"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_other_encodings_are_read(encoding: str) -> None:
    document = rss(item(title="Poincaré")).decode()
    document = document.replace("UTF-8", encoding.removesuffix("-sig"))

    [entry] = arxiv.parse(document.encode(encoding)).entries

    assert entry.title == "Poincaré"


def test_latin_1_under_a_utf_8_label_is_read() -> None:
    [entry] = arxiv.parse(
        rss(item(title="Poincaré")).decode().encode("latin-1")
    ).entries

    assert entry.title == "Poincaré"


def test_the_charset_of_the_header_counts_where_the_document_has_none() -> None:
    document = rss(item(title="Привет")).decode().partition("?>")[2].strip()

    [entry] = arxiv.parse(
        document.encode("koi8-r"), content_type="text/xml; charset=koi8-r"
    ).entries

    assert entry.title == "Привет"


def test_an_external_entity_is_not_opened() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss '
    feed = rss(item(title="&x;")).decode().replace("<rss ", doctype, 1).encode()

    assert arxiv.parse(feed).entries == ()


def test_an_entity_bomb_is_not_expanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]><rss '
    feed = rss(item(title="&e9;")).decode().replace("<rss ", doctype, 1).encode()

    parsed = arxiv.parse(feed)

    assert parsed.entries == ()
    assert "An entry without a title was left out: oai:arXiv.org:2408.01234v1." in (
        parsed.problems
    )


def test_a_document_that_breaks_the_parser_is_no_feed() -> None:
    document = rss(item(title="&#xD800;")).decode().replace("UTF-8", "UTF-16")

    with pytest.raises(NotAFeed, match="could not be read"):
        arxiv.parse(document.encode("utf-16"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_endless_attributes_are_refused_before_they_cost_time(encoding: str) -> None:
    attributes = " ".join(f'a{number}="1"' for number in range(40_000))
    document = rss(item(more=f"<x {attributes}/>")).decode()

    with pytest.raises(NotAFeed, match="endless attributes"):
        arxiv.parse(document.replace("UTF-8", encoding).encode(encoding))


def test_what_lies_behind_the_last_entry_that_is_read_costs_nothing() -> None:
    items = "<item><title>T</title><guid>g</guid></item>" * 50_000
    started = time.perf_counter()

    parsed = arxiv.parse(rss(item(), items))

    assert time.perf_counter() - started < 5
    assert len(parsed.entries) == 2
    assert not any("well-formed" in problem for problem in parsed.problems)
    assert any("more than 5000 entries" in problem for problem in parsed.problems)
