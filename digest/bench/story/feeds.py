"""The feeds of the five days: captured ones where they are, else the sample."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from digest.starter import sample_feed

FIRST_DAY = date(2026, 4, 20)
DAYS = 5


@dataclass(frozen=True, slots=True)
class DayFeed:
    """One day's document, and what kind of source it is from."""

    day: date
    path: Path
    kind: str
    source_name: str


def read_feeds(folder: Path, scratch: Path) -> list[DayFeed]:
    """One feed a day, Monday to Friday.

    `folder` holds captures named cs.CV_<day>.xml. Where it is not there, the sample
    papers are spread over the days, written under `scratch`.
    """
    days = [FIRST_DAY + timedelta(days=offset) for offset in range(DAYS)]
    captured = [folder / f"cs.CV_{day}.xml" for day in days]
    if all(path.exists() for path in captured):
        return [
            DayFeed(day, path, "arxiv_rss", "arXiv: computer vision")
            for day, path in zip(days, captured, strict=True)
        ]
    papers = json.loads(sample_feed())["papers"]
    return [
        _write_share(day, papers[index::DAYS], scratch)
        for index, day in enumerate(days)
    ]


def _write_share(day: date, papers: list[dict[str, object]], scratch: Path) -> DayFeed:
    path = scratch / f"sample-{day}.json"
    share = [{**paper, "days_ago": 0} for paper in papers]
    path.write_text(json.dumps({"title": "Sample papers", "papers": share}))
    return DayFeed(day, path, "sample", "Sample papers")
