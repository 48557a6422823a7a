"""The kinds of source that there are: how each is asked and how it is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import urlsplit

from digest.sources import (
    arxiv,
    arxiv_api,
    arxiv_oai,
    biorxiv,
    crossref,
    generic,
    hf_daily,
    paper_list,
    pubmed,
)
from digest.sources.entry import Parsed

# Where a kind is known by its address.
_PLACES = (
    ("rss.arxiv.org/", "arxiv_rss"),
    ("export.arxiv.org/rss/", "arxiv_rss"),
    ("export.arxiv.org/api/query", "arxiv_api"),
    ("oaipmh.arxiv.org/oai", "arxiv_oai"),
    ("huggingface.co/api/daily_papers", "hf_daily"),
    ("connect.biorxiv.org/", "biorxiv"),
    ("api.biorxiv.org/details/biorxiv", "biorxiv"),
    ("connect.medrxiv.org/", "medrxiv"),
    ("api.biorxiv.org/details/medrxiv", "medrxiv"),
    ("pubmed.ncbi.nlm.nih.gov/rss/", "pubmed"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source.

    `parse` takes the bytes, their Content-Type ("" if unknown) and today's date,
    and raises SourceError only. `urls_for_days` takes the address of a source
    and days, oldest first, and names what to fetch to cover them; answers that
    come in pages name the next in `Parsed.next_url`. `is_feed` is False for what
    answers about papers by name, and cannot be followed.
    """

    name: str
    parse: Callable[[bytes, str, date], Parsed]
    urls_for_days: Callable[[str, Sequence[date]], list[str]]
    is_feed: bool = True


def kind_of(address: str) -> str:
    """The name of the kind that an address is asked and read as; "feed" if unsure."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "feed"
    place = f"{parts.hostname or ''}{parts.path}"
    return next((name for start, name in _PLACES if place.startswith(start)), "feed")


def _parse_arxiv(data: bytes, content_type: str, today: date) -> Parsed:  # noqa: ARG001
    return arxiv.parse(data, content_type=content_type)


def _parse_arxiv_api(data: bytes, content_type: str, today: date) -> Parsed:  # noqa: ARG001
    return arxiv_api.parse(data, content_type=content_type)


def _parse_arxiv_oai(data: bytes, content_type: str, today: date) -> Parsed:  # noqa: ARG001
    return arxiv_oai.parse(data, content_type=content_type)


def _parse_hf_daily(data: bytes, content_type: str, today: date) -> Parsed:  # noqa: ARG001
    return hf_daily.parse(data, content_type=content_type)


def _parse_sample(data: bytes, content_type: str, today: date) -> Parsed:
    return paper_list.parse(data, content_type=content_type, today=today)


def _parse_biorxiv(data: bytes, content_type: str, today: date) -> Parsed:
    return biorxiv.parse(data, server="biorxiv", content_type=content_type, today=today)


def _parse_medrxiv(data: bytes, content_type: str, today: date) -> Parsed:
    return biorxiv.parse(data, server="medrxiv", content_type=content_type, today=today)


def _parse_crossref(data: bytes, content_type: str, today: date) -> Parsed:  # noqa: ARG001
    return crossref.parse(data, today=today)


def _parse_pubmed(data: bytes, content_type: str, today: date) -> Parsed:
    return pubmed.parse(data, content_type=content_type, today=today)


def _parse_feed(data: bytes, content_type: str, today: date) -> Parsed:
    return generic.parse(data, content_type=content_type, today=today)


def _present_only(address: str, days: Sequence[date]) -> list[str]:
    """One address: a feed holds the present alone, whatever days are asked for."""
    return [address] if days else []


def _never(address: str, days: Sequence[date]) -> list[str]:  # noqa: ARG001
    """Nothing to fetch: the sample comes with the product, others are asked by name."""
    return []


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("arxiv_rss", _parse_arxiv, _present_only),
        Kind("arxiv_api", _parse_arxiv_api, arxiv_api.urls_for_days),
        Kind("arxiv_oai", _parse_arxiv_oai, arxiv_oai.urls_for_days),
        Kind("hf_daily", _parse_hf_daily, hf_daily.urls_for_days),
        Kind("biorxiv", _parse_biorxiv, partial(biorxiv.urls_for_days, "biorxiv")),
        Kind("medrxiv", _parse_medrxiv, partial(biorxiv.urls_for_days, "medrxiv")),
        Kind("pubmed", _parse_pubmed, _present_only),
        Kind("feed", _parse_feed, _present_only),
        Kind("sample", _parse_sample, _never),
        Kind("crossref", _parse_crossref, _never, is_feed=False),
    )
}
