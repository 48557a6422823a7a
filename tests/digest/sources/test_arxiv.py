"""arXiv's RSS and Atom feeds, trap by trap."""

from datetime import date

import pytest

from digest.sources import arxiv
from digest.sources.entry import AnnounceType, Author, NotAFeed
from tests.digest.sources.feeds import ATOM, item, rss


def test_it_reads_an_rss_item() -> None:
    parsed = arxiv.parse(rss(item()))

    [entry] = parsed.entries
    assert parsed.title == "cs.XX updates on arXiv.org"
    assert parsed.announced_on == entry.announced_on == date(2024, 8, 23)
    assert parsed.problems == ()
    assert (entry.arxiv_id, entry.version) == ("2408.01234", 1)
    assert entry.url == "https://arxiv.org/abs/2408.01234"
    assert entry.guid == "oai:arXiv.org:2408.01234v1"
    assert entry.abstract == "We show things."
    assert entry.authors == (Author("A B"), Author("C D"))
    assert entry.categories == ("cs.RO", "cs.AI")
    assert entry.license_url == "http://creativecommons.org/licenses/by/4.0/"


def test_it_reads_an_atom_entry() -> None:
    [entry] = arxiv.parse(ATOM).entries

    assert (entry.arxiv_id, entry.version) == ("2203.01250", 3)
    assert entry.title == "Growth of $a<b$"
    assert entry.abstract == "Short."
    assert entry.announce_type is AnnounceType.REPLACE_CROSS
    assert entry.announced_on == date(2024, 8, 23)
    assert entry.categories == ("math.AP", "math.OC")
    assert entry.doi == "10.1000/XYZ"
    assert entry.journal_ref == "J. of X 7 (2024)"
    assert entry.authors == (Author("Eve F", "Inst X, City"), Author("Guy H"))


@pytest.mark.parametrize("announced", list(AnnounceType))
def test_it_tells_the_announce_types_apart(announced: AnnounceType) -> None:
    [entry] = arxiv.parse(rss(item(announced=announced.value))).entries

    assert entry.announce_type is announced


def test_the_announce_type_is_found_in_the_preamble_alone() -> None:
    text = item(announced="cross")
    start, end = text.index("<arxiv:announce"), text.index("</arxiv:announce_type>")

    [entry] = arxiv.parse(rss(text[:start] + text[end + 22 :])).entries

    assert entry.announce_type is AnnounceType.CROSS


def test_an_abstract_without_the_preamble_stays_whole() -> None:
    feed = rss(item()).replace(b"arXiv:2408.01234v1 Announce Type: new", b"On:")

    assert arxiv.parse(feed).entries[0].abstract == "On: Abstract: We show things."


def test_maths_and_escaped_markup_survive_as_text() -> None:
    feed = rss(
        item(
            title="$n&lt;m$ &amp;lt;b&amp;gt;",
            abstract="for all $p &lt;q$ and $x_1&lt;y&gt;z$ &amp; \\langle",
        )
    )

    [entry] = arxiv.parse(feed).entries

    assert entry.title == "$n<m$ &lt;b&gt;"
    assert entry.abstract == "for all $p <q$ and $x_1<y>z$ & \\langle"


def test_tags_go_from_every_text() -> None:
    feed = rss(
        item(
            title="$n&lt;m$ &lt;script&gt;x&lt;/script&gt; is &lt;i&gt;true&lt;/i&gt;",
            abstract="We study &lt;b&gt;inference&lt;/b&gt; where $a&lt;b$.",
            creator="&lt;b&gt;Eve&lt;/b&gt;",
        )
    )

    [entry] = arxiv.parse(feed).entries

    assert entry.title == "$n<m$ is true"
    assert entry.abstract == "We study inference where $a<b$."
    assert entry.authors == (Author("Eve"),)


def test_the_same_entry_is_kept_once() -> None:
    assert len(arxiv.parse(rss(*[item()] * 5)).entries) == 1


def test_an_empty_weekend_is_no_error() -> None:
    parsed = arxiv.parse(rss(pub_date="Sat, 24 Aug 2024 00:00:00 -0400"))

    assert parsed.entries == ()
    assert parsed.problems == ()
    assert parsed.announced_on == date(2024, 8, 24)


def test_an_error_feed_is_no_feed() -> None:
    feed = rss().replace(b"cs.XX updates on arXiv.org", b"Feed error for query: cs.QQ")

    with pytest.raises(NotAFeed, match=r"cs\.QQ"):
        arxiv.parse(feed)


def test_an_entry_without_title_or_id_fails_alone() -> None:
    nameless = "<item><title>No id</title></item>"

    parsed = arxiv.parse(rss(item(title=" "), nameless, item(bare="2408.05678")))

    assert [entry.arxiv_id for entry in parsed.entries] == ["2408.05678"]
    assert parsed.problems == (
        "An entry without a title was left out: oai:arXiv.org:2408.01234v1.",
        "An entry without an id or a link was left out: 'No id'.",
    )


def test_an_entry_that_is_not_of_arxiv_is_known_by_its_link() -> None:
    other = "<item><title>Other</title><link>https://example.org/p/1</link></item>"

    [entry] = arxiv.parse(rss(other)).entries

    assert (entry.arxiv_id, entry.guid) == ("", "https://example.org/p/1")


def test_a_link_that_runs_code_becomes_the_page_on_arxiv() -> None:
    feed = rss(item()).replace(b"https://arxiv.org/abs/", b"javascript:alert#")

    assert arxiv.parse(feed).entries[0].url == "https://arxiv.org/abs/2408.01234"


@pytest.mark.parametrize(
    "pub_date", ["", "32 Foo", "Fri, 31 Dec 9999 23:59:59 +9999", "Mon, 01 Jan 0001"]
)
def test_an_unbelievable_date_is_no_date(pub_date: str) -> None:
    assert arxiv.parse(rss(pub_date=pub_date)).announced_on is None


def test_the_day_is_that_of_new_york() -> None:
    parsed = arxiv.parse(rss(pub_date="Sat, 24 Aug 2024 03:59:00 GMT"))

    assert parsed.announced_on == date(2024, 8, 23)


def test_a_full_list_is_reported_as_possibly_cut() -> None:
    items = [item(bare=f"2408.{number:05}") for number in range(2_000)]

    parsed = arxiv.parse(rss(*items))

    assert len(parsed.entries) == 2_000
    assert "without a word" in parsed.problems[-1]
    assert arxiv.parse(rss(*items[1:])).problems == ()


def test_it_stops_at_five_thousand_entries() -> None:
    items = [
        f"<item><title>T</title><guid>g{number}</guid></item>"
        for number in range(5_001)
    ]

    parsed = arxiv.parse(rss(*items))

    assert len(parsed.entries) == 5_000
    assert any("only the first 5000" in problem for problem in parsed.problems)


def test_a_thousand_bad_entries_are_summed_up() -> None:
    parsed = arxiv.parse(rss(*["<item><guid>x</guid></item>"] * 1_000))

    assert len(parsed.problems) == 21
    assert parsed.problems[-1] == "980 more entries were left out."


def test_a_withdrawal_is_noticed() -> None:
    feed = rss(
        item(abstract="This paper has been withdrawn by the author."),
        item(bare="2408.05678"),
    )

    assert [entry.is_withdrawn for entry in arxiv.parse(feed).entries] == [True, False]


API_ANSWER = b"""<feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:arxiv="http://arxiv.org/schemas/atom"><title>ArXiv Query</title>
<entry><id>http://arxiv.org/abs/hep-th/9901001v3</id><title>Old
 paper</title><summary>Text</summary>
<author><name>A B</name></author><author><name>C D</name></author>
<category term="math.AG"/><category term="hep-th"/>
<arxiv:primary_category term="hep-th"/></entry></feed>"""


def test_an_answer_of_the_api_is_read_too() -> None:
    [entry] = arxiv.parse(API_ANSWER).entries

    assert (entry.arxiv_id, entry.version) == ("hep-th/9901001", 3)
    assert entry.title == "Old paper"
    assert entry.authors == (Author("A B"), Author("C D"))
    assert entry.categories == ("hep-th", "math.AG")


def test_an_error_of_the_api_is_no_feed() -> None:
    answer = API_ANSWER.replace(b"/abs/hep-th/9901001v3", b"/api/errors#bad_id")

    with pytest.raises(NotAFeed, match="Text"):
        arxiv.parse(answer)
