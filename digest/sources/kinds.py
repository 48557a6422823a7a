"""The kinds of source that there are: how each is asked and how it is read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from digest.sources import arxiv, hf_daily, paper_list
from digest.sources.entry import Parsed

HF_DAILY_ADDRESS = "https://huggingface.co/api/daily_papers"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of source.

    `parse` takes the bytes, their Content-Type ("" if unknown) and today's date,
    and raises SourceError only. `urls_for_days` takes the address of a source
    and days, oldest first, and names what to fetch to cover them.
    """

    name: str
    parse: Callable[[bytes, str, date], Parsed]
    urls_for_days: Callable[[str, Sequence[date]], list[str]]


def arxiv_address(query: str) -> str:
    """The feed of one archive or category, or of several joined by "+"."""
    return f"https://rss.arxiv.org/rss/{query}"


def _parse_arxiv(data: bytes, content_type: str, today: date) -> Parsed:  # noqa: ARG001
    return arxiv.parse(data, content_type=content_type)


def _parse_hf_daily(data: bytes, content_type: str, today: date) -> Parsed:  # noqa: ARG001
    return hf_daily.parse(data, content_type=content_type)


def _parse_sample(data: bytes, content_type: str, today: date) -> Parsed:
    return paper_list.parse(data, content_type=content_type, today=today)


def _present_only(address: str, days: Sequence[date]) -> list[str]:
    """One address: arXiv's feed holds the present announcement alone."""
    return [address] if days else []


def _page_per_day(address: str, days: Sequence[date]) -> list[str]:
    return [f"{address}?{urlencode({'date': day.isoformat()})}" for day in days]


def _never(address: str, days: Sequence[date]) -> list[str]:  # noqa: ARG001
    """The sample comes with the product; there is nothing to fetch."""
    return []


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("arxiv_rss", _parse_arxiv, _present_only),
        Kind("hf_daily", _parse_hf_daily, _page_per_day),
        Kind("sample", _parse_sample, _never),
    )
}
