"""Small arXiv documents, written by hand, for the parser tests."""

CHANNEL = """<?xml version="1.0" encoding="UTF-8"?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom"
     xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.XX updates on arXiv.org</title>
<link>http://rss.arxiv.org/rss/cs.XX</link>
<description>cs.XX updates</description>
<pubDate>{pub_date}</pubDate>
{items}
</channel></rss>
"""

ITEM = """<item>
<title>{title}</title>
<link>https://arxiv.org/abs/{bare}</link>
<description>arXiv:{bare}v{version} Announce Type: {announced}\x20
Abstract: {abstract}</description>
<guid isPermaLink="false">oai:arXiv.org:{bare}v{version}</guid>
<category>cs.RO</category><category>cs.AI</category>
<pubDate>Fri, 23 Aug 2024 00:00:00 -0400</pubDate>
<arxiv:announce_type>{announced}</arxiv:announce_type>
<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
<dc:creator>{creator}</dc:creator>
{more}
</item>
"""


def item(**changes: object) -> str:
    """One RSS item; name what differs from the usual one."""
    usual: dict[str, object] = {
        "title": "A title",
        "bare": "2408.01234",
        "version": 1,
        "announced": "new",
        "abstract": "We show\nthings.",
        "creator": "A B, C D",
        "more": "",
    }
    return ITEM.format(**(usual | changes))


def rss(*items: str, pub_date: str = "Fri, 23 Aug 2024 00:00:00 -0400") -> bytes:
    """An RSS 2.0 document with these items."""
    return CHANNEL.format(items="".join(items), pub_date=pub_date).encode()


ATOM = b"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom"
      xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom">
<id>http://rss.arxiv.org/atom/math.XX</id><title>math.XX updates on arXiv.org</title>
<updated>2024-08-23T04:00:19.866337+00:00</updated>
<entry><id>oai:arXiv.org:2203.01250v3</id><title>Growth of $a&lt;b$</title>
<updated>2024-08-23T04:00:19.910019+00:00</updated>
<link href="https://arxiv.org/abs/2203.01250" rel="alternate" type="text/html"/>
<summary>arXiv:2203.01250v3 Announce Type: replace-cross\x20
Abstract: Short.</summary>
<category term="math.AP"/><category term="math.OC"/>
<published>2024-08-23T00:00:00-04:00</published>
<arxiv:announce_type>replace-cross</arxiv:announce_type>
<arxiv:DOI>10.1000/XYZ</arxiv:DOI>
<arxiv:journal_reference>J. of X 7 (2024)</arxiv:journal_reference>
<dc:creator>Eve F (Inst X, City), Guy H</dc:creator></entry>
</feed>
"""
