"""Lists of feeds, in and out."""

import pytest

from digest.sources.entry import NotAFeed
from digest.sources.opml import OpmlFeed, read_opml, write_opml


def opml(body: str, before: str = "") -> bytes:
    """An OPML document with this body."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<opml version="1.0">'
        f"<head><title>x</title></head><body>{body}</body></opml>"
    ).encode()


def outline(url: str, text: str = "T") -> str:
    """One feed of a list."""
    return f'<outline type="rss" text="{text}" xmlUrl="{url}"/>'


def test_it_reads_feeds_in_folders() -> None:
    data = opml(
        outline("https://a.example/f", "A &amp; b")
        + '<outline text="Biology"><outline title="Plants">'
        + outline("https://b.example/f")
        + '</outline></outline><outline text="a note"/>'
    )

    assert read_opml(data) == [
        OpmlFeed("A & b", "https://a.example/f"),
        OpmlFeed("T", "https://b.example/f", "Biology / Plants"),
    ]


def test_what_it_writes_it_reads() -> None:
    feeds = [
        OpmlFeed('A "quoted" <b>', "https://a.example/f?x=1&y=2"),
        OpmlFeed("B", "https://b.example/f", "Biology / Plants"),
        OpmlFeed("C", "https://c.example/f", "Biology / Plants"),
    ]

    assert read_opml(write_opml(feeds)) == feeds


def test_a_control_character_in_a_title_does_not_spoil_the_file() -> None:
    written = write_opml([OpmlFeed("a\x00\x0bb", "https://a.example/f")])

    assert read_opml(written)[0].title == "a b"


def test_each_address_is_read_once() -> None:
    assert len(read_opml(opml(outline("https://a.example/f") * 3))) == 1


def test_names_of_attributes_are_read_in_any_case() -> None:
    body = '<outline TEXT="T" xmlurl="https://a.example/f"/>'

    assert read_opml(opml(body)) == [OpmlFeed("T", "https://a.example/f")]


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_other_encodings_are_read(encoding: str) -> None:
    text = opml(outline("https://a.example/f", "Poincaré")).decode()
    data = text.replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding)

    assert read_opml(data)[0].title == "Poincaré"


def test_an_external_entity_is_not_opened() -> None:
    doctype = '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

    with pytest.raises(NotAFeed, match="entity"):
        read_opml(opml(outline("https://a.example/f", "&x;"), doctype))


def test_an_entity_bomb_is_refused() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE opml [<!ENTITY e0 "ha">{entities}]>'

    with pytest.raises(NotAFeed, match="entity"):
        read_opml(opml(outline("https://a.example/f", "&e9;"), doctype))


def test_a_document_type_from_elsewhere_is_not_fetched() -> None:
    doctype = '<!DOCTYPE opml SYSTEM "http://127.0.0.1:1/x.dtd">'

    assert len(read_opml(opml(outline("https://a.example/f"), doctype))) == 1


def test_it_is_not_nested_endlessly() -> None:
    deep = '<outline text="x">' * 5_000 + "</outline>" * 5_000

    with pytest.raises(NotAFeed, match="too deeply"):
        read_opml(opml(deep))


def test_a_list_that_is_too_long_is_refused_whole() -> None:
    body = "".join(outline(f"https://a.example/{n}") for n in range(5_001))

    with pytest.raises(NotAFeed, match="more than 5000"):
        read_opml(opml(body))
    with pytest.raises(NotAFeed, match="larger than"):
        read_opml(b" " * 5_000_001)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<rss/>",
        b"<opml/>",
        b"{}",
        b"\x89PNG",
        opml(outline("https://a.example/f"))[:-15],
        opml(outline("https://a.example/f?a=1&b=2")),
        b'<?xml version="1.0" encoding="utf-7"?><opml><body/></opml>',
    ],
)
def test_anything_else_is_no_list(data: bytes) -> None:
    with pytest.raises(NotAFeed):
        read_opml(data)
