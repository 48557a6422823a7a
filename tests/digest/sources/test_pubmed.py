"""The feed of a saved PubMed search."""

from datetime import date

import pytest

from digest.sources import pubmed
from digest.sources.entry import Author, NotAFeed

TODAY = date(2026, 7, 2)
CONTENT = """<div><p style="color: #4aa564;">Parasitol Int. 2026 Jun 17:102531. doi:
 10.1016/j.parint.2026.1. Online ahead of print.</p><p><b>ABSTRACT</b></p>
<p>BACKGROUND: At p &lt; 0.05.</p><p>RESULTS: Yes.</p>
<p style="color: lightgray">PMID:<a href="https://pubmed.ncbi.nlm.nih.gov/34929406/">
34929406</a> | DOI:<a href=https://doi.org/10.1016/j.parint.2026.1>10.1016</a></p></div>"""
ITEM = """<item><title>A &lt;i&gt;new&lt;/i&gt; species</title>
<link>https://pubmed.ncbi.nlm.nih.gov/34929406/?utm_source=x y</link>
<description>BACKGROUND: At...</description>
<content:encoded><![CDATA[{content}]]></content:encoded>
<guid isPermaLink="false">{guid}</guid>
<pubDate>Tue, 30 Jun 2026 06:00:00 -0400</pubDate>
<dc:creator>Jane Doe</dc:creator><dc:creator>Bob Roe</dc:creator>
<dc:source>Parasitology international</dc:source>
<dc:identifier>pmid:34929406</dc:identifier>
<dc:identifier>doi:10.1016/j.PARINT.2026.1</dc:identifier></item>"""


def feed(*items: str) -> bytes:
    """A feed with these items."""
    return f"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>species</title>
<link>https://pubmed.ncbi.nlm.nih.gov/rss-feed/</link><description>d</description>
{"".join(items)}</channel></rss>""".encode()


def item(guid: str = "pubmed:34929406", content: str = CONTENT) -> str:
    """One item of the feed."""
    return ITEM.format(guid=guid, content=content)


def test_it_reads_an_item() -> None:
    [entry] = pubmed.parse(feed(item()), today=TODAY).entries

    assert entry.title == "A new species"
    assert entry.url == "https://pubmed.ncbi.nlm.nih.gov/34929406/"
    assert entry.guid == "pubmed:34929406"
    assert entry.doi == "10.1016/j.parint.2026.1"
    assert entry.authors == (Author("Jane Doe"), Author("Bob Roe"))
    assert entry.journal_ref == "Parasitol Int. 2026 Jun 17:102531"
    assert entry.abstract == "BACKGROUND: At p < 0.05.\n\nRESULTS: Yes."
    assert entry.announced_on == date(2026, 6, 30)


def test_without_the_citation_the_journal_and_the_description_count() -> None:
    [entry] = pubmed.parse(feed(item(content="")), today=TODAY).entries

    assert entry.journal_ref == "Parasitology international"
    assert entry.abstract == "BACKGROUND: At..."


def test_without_a_pmid_in_the_guid_the_link_has_it() -> None:
    [entry] = pubmed.parse(feed(item(guid="x").replace(" y", "")), today=TODAY).entries

    assert entry.guid == "pubmed:34929406"


def test_an_item_without_a_pmid_fails_alone() -> None:
    parsed = pubmed.parse(feed(item(), item(guid="x")), today=TODAY)

    assert len(parsed.entries) == len(parsed.problems) == 1


def test_a_feed_of_another_kind_is_not_a_day_without_papers() -> None:
    with pytest.raises(NotAFeed, match="another kind"):
        pubmed.parse(feed("<item><title>T</title></item>"), today=TODAY)


def test_a_search_without_results_is_empty() -> None:
    assert pubmed.parse(feed(), today=TODAY).entries == ()
