"""Any feed that somebody adds: every format, every place for the same thing."""

from datetime import date

import pytest

from digest.sources import generic
from digest.sources.entry import Author, Entry, NotAFeed, Parsed

TODAY = date(2026, 7, 2)
NAMESPACES = """xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:cc="http://web.resource.org/cc/" xmlns:atom="http://www.w3.org/2005/Atom\""""


def rss(*items: str, channel: str = "") -> bytes:
    """An RSS 2.0 document with these items' insides."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {NAMESPACES}>
<channel><title>A <![CDATA[<i>Journal</i>]]></title><link>https://example.org/</link>
<description>d</description>{channel}{inside}</channel></rss>""".encode()


def rdf(item: str) -> bytes:
    """An RSS 1.0 document with this item's inside."""
    return f"""<rdf:RDF xmlns="http://purl.org/rss/1.0/" {NAMESPACES}
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<channel rdf:about="https://example.org/"><title>J</title></channel>
<item rdf:about="https://example.org/p/1">{item}</item></rdf:RDF>""".encode()


def atom(entry: str, version: str = "http://www.w3.org/2005/Atom") -> bytes:
    """An Atom document with this entry's inside."""
    return f"""<feed xmlns="{version}"><title>J</title>
<link rel="self" href="https://example.org/feeds/all.atom"/>
<entry>{entry}</entry></feed>""".encode()


def parse(data: bytes, address: str = "") -> Parsed:
    """What the parser says about it today."""
    return generic.parse(data, today=TODAY, address=address)


def only(data: bytes) -> Entry:
    """The one entry of the document."""
    [entry] = parse(data).entries
    return entry


def test_it_reads_a_journal_with_dublin_core_and_prism() -> None:
    entry = only(
        rdf(
            """<title>Growth of &lt;i&gt;E. coli&lt;/i&gt;</title>
<link>https://example.org/p/1?af=R</link><dc:date>2026-06-30</dc:date>
<description>&lt;p&gt;Short …&lt;/p&gt;</description>
<content:encoded>&lt;p&gt;First &amp;amp; long.&lt;/p&gt;
&lt;p&gt;Second.&lt;/p&gt;</content:encoded>
<dc:creator>Doe, Jane</dc:creator><dc:creator>Bob B. Roe</dc:creator>
<dc:identifier>doi:10.1000/ABC</dc:identifier>
<prism:publicationName>J of X</prism:publicationName>
<prism:volume>12</prism:volume><prism:number>3</prism:number>
<prism:startingPage>45</prism:startingPage><prism:endingPage>67</prism:endingPage>
<dc:rights>https://creativecommons.org/licenses/by/4.0/</dc:rights>"""
        )
    )

    assert entry.title == "Growth of E. coli"
    assert entry.abstract == "First & long.\n\nSecond."
    assert entry.authors == (Author("Jane Doe"), Author("Bob B. Roe"))
    assert entry.doi == "10.1000/abc"
    assert entry.journal_ref == "J of X 12(3), 45-67"
    assert entry.announced_on == date(2026, 6, 30)
    assert entry.guid == "https://example.org/p/1"
    assert entry.license_url == "https://creativecommons.org/licenses/by/4.0/"


def test_it_reads_atom_with_its_types() -> None:
    entry = only(
        atom(
            """<id>tag:example.org,2026:1</id><title type="text">On $a&lt;b$</title>
<link href="../p/1"/><updated>2026-06-30T23:00:00-04:00</updated>
<author><name>Jane Doe</name><email>jane@example.org</email></author>
<summary type="html">
&lt;p&gt;if $n&amp;lt;m$ &lt;b&gt;then&lt;/b&gt;&lt;/p&gt;</summary>
<category term="x1" label="Botany"/>"""
        )
    )

    assert entry.title == "On $a<b$"
    assert entry.abstract == "if $n<m$ then"
    assert entry.url == "https://example.org/p/1"
    assert entry.authors == (Author("Jane Doe"),)
    assert entry.categories == ("Botany",)
    assert entry.announced_on == date(2026, 7, 1)


def test_it_reads_atom_0_3_and_rss_0_91() -> None:
    old = atom(
        '<id>x:1</id><title>T</title><link rel="alternate" href="https://e.org/1"/>'
        "<issued>2026-06-30T00:00:00Z</issued>",
        version="http://purl.org/atom/ns#",
    )
    older = (
        b'<rss version="0.91"><channel><title>J</title><item><title>T</title>'
        b"<link>https://e.org/1</link></item></channel></rss>"
    )

    assert only(old).url == only(older).url == "https://e.org/1"


def test_an_xhtml_abstract_is_plain_text() -> None:
    entry = only(
        atom(
            '<id>x:1</id><title>T</title><content type="xhtml"><div '
            'xmlns="http://www.w3.org/1999/xhtml"><p>a &lt; b</p>'
            "<p>c</p></div></content>"
        )
    )

    assert entry.abstract == "a < b\n\nc"


@pytest.mark.parametrize(
    ("item", "doi"),
    [
        ("<prism:doi>10.1000/A</prism:doi>", "10.1000/a"),
        ('<guid isPermaLink="false">10.1000/A</guid>', "10.1000/a"),
        ("<link>https://dx.doi.org/10.1000/A?x=1</link>", "10.1000/a"),
        ("<link>https://e.org/doi/full/10.1000/A?af=R</link>", "10.1000/a"),
        (
            "<description><![CDATA[<p>DOI: 10.1000/A</p><p>Text</p>]]></description>",
            "10.1000/a",
        ),
        ("<description>See doi 10.1000/A and doi 10.1000/B</description>", ""),
        ("<link>https://example.org/p/1</link>", ""),
    ],
)
def test_the_doi_is_found_wherever_it_stands(item: str, doi: str) -> None:
    assert only(rss(f"<title>T</title>{item}")).doi == doi


def test_labels_in_the_description_are_understood() -> None:
    entry = only(
        rss(
            """<title>T</title><description><![CDATA[<p>ZooKeys 1068: 189-201</p>
<p>DOI: 10.3897/z.1</p><p>Authors: A B, C D and E F</p><p>Upvotes: 3</p>
<p>Abstract: We show things.</p><p>And more.</p>]]></description>"""
        )
    )

    assert entry.authors == (Author("A B"), Author("C D"), Author("E F"))
    assert entry.abstract == "We show things.\n\nAnd more."
    assert entry.doi == "10.3897/z.1"


def test_a_heading_over_the_abstract_goes() -> None:
    text = "<![CDATA[<div>Abstract</div>Some trees.]]>"

    assert only(rss(f"<title>T</title><description>{text}</description>")).abstract == (
        "Some trees."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Nature, Published online: 05 April 2026; doi:10.1038/s1",
        "<p>Publication date: May 2026</p><p><b>Source:</b> J, Volume 1</p>",
        "T",
        "Volume 56, Issue 3, December 2026, Page 163-175",
    ],
)
def test_a_reference_is_no_abstract(text: str) -> None:
    item = f"<title>T</title><description><![CDATA[{text}]]></description>"

    assert only(rss(item)).abstract == ""


def test_an_abstract_about_sources_stays() -> None:
    text = "Summary statistics of radio sources are shown. Source: none."

    assert only(rss(f"<title>T</title><description>{text}</description>")).abstract == (
        text
    )


def test_relative_links_are_resolved_and_odd_ones_dropped() -> None:
    data = rss(
        "<title>A</title><link>/p/1 2</link>",
        "<title>B</title><link>javascript:alert(1)</link>",
        "<title>C</title><link>http://10.0.0.1/x</link>",
        "<title>D</title><link>data:text/html,x</link><prism:doi>10.1000/d</prism:doi>",
    )

    urls = [entry.url for entry in parse(data, "https://feeds.example.org/x").entries]

    assert urls == [
        "https://feeds.example.org/p/1%202",
        "",
        "",
        "https://doi.org/10.1000/d",
    ]


def test_entries_without_id_and_link_are_told_apart_by_their_words() -> None:
    guids = [e.guid for e in parse(rss("<title>A</title>", "<title>B</title>")).entries]

    assert len(set(guids)) == 2
    assert all(guid.startswith("urn:sha256:") for guid in guids)


def test_an_arxiv_paper_is_known_as_such() -> None:
    entry = only(rss("<title>T</title><link>https://arxiv.org/abs/2602.17100v2</link>"))

    assert (entry.arxiv_id, entry.version) == ("2602.17100", 2)


def test_a_text_without_a_title_is_called_by_its_beginning() -> None:
    data = rss("<description>We show things.</description>", "<guid>g</guid>")

    parsed = parse(data)

    assert [entry.title for entry in parsed.entries] == ["We show things."]
    assert parsed.problems == ("An entry without a title was left out: g.",)


@pytest.mark.parametrize(
    ("stated", "day"),
    [
        ("Tue, 30 Jun 2026 12:00:00 GMT", date(2026, 6, 30)),
        ("Fri, 31 Dec 2038 12:00:00 GMT", TODAY),
        ("32 Foo", None),
        ("Mon, 01 Jan 0001 00:00:00 GMT", None),
    ],
)
def test_the_date_is_believable_or_none(stated: str, day: date | None) -> None:
    assert only(rss(f"<title>T</title><pubDate>{stated}</pubDate>")).announced_on == day


def test_nothing_of_the_markup_is_kept() -> None:
    entry = only(
        rss(
            """<title>&lt;b&gt;T&lt;/b&gt; &amp;lt;script&amp;gt;</title>
<dc:creator>&lt;i&gt;Eve&lt;/i&gt;</dc:creator><category>&lt;b&gt;c&lt;/b&gt;</category>
<description>x&lt;img src=x onerror=alert(1)&gt;</description>"""
        )
    )

    assert entry.title == "T &lt;script&gt;"
    assert (entry.authors, entry.categories) == ((Author("Eve"),), ("c",))
    assert entry.abstract == "x"


def test_the_title_of_the_feed_and_a_wrong_content_type_do_no_harm() -> None:
    parsed = generic.parse(
        rss("<title>T</title>"), content_type="image/png", today=TODAY
    )

    assert (parsed.title, len(parsed.entries)) == ("A Journal", 1)


@pytest.mark.parametrize("data", [b"", b"<html><p>Sign in</html>", b"\x89PNG", b"x"])
def test_anything_else_is_no_feed(data: bytes) -> None:
    with pytest.raises(NotAFeed):
        parse(data)
