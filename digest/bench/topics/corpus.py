"""A file of papers put into the database as if they had been announced.

A gzipped file with one JSON object a line: id ("arxiv:2604.01226"), title, abstract,
authors, categories, and the date of announcement.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from digest.models import Paper

EVENING = time(20, tzinfo=UTC)
"""After the day's papers came."""


def load_corpus(path: Path) -> datetime:
    """Make a paper of every line; return the evening of the last day.

    Raises OSError, EOFError, ValueError or KeyError for anything else, and for a
    file without a paper.
    """
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    Paper.objects.bulk_create(_papers(rows), batch_size=500)
    return datetime.combine(max(date.fromisoformat(r["date"]) for r in rows), EVENING)


def _papers(rows: list[Mapping[str, Any]]) -> Iterator[Paper]:
    for row in sorted(rows, key=lambda row: (row["date"], row["id"])):
        day = date.fromisoformat(row["date"])
        bare_id = str(row["id"]).removeprefix("arxiv:")
        yield Paper(
            canonical_id=f"arxiv:{bare_id}",
            slug=f"arxiv-{bare_id}",
            arxiv_id=bare_id,
            title=row["title"],
            abstract=row["abstract"],
            authors=[{"name": name} for name in row["authors"]],
            categories=row["categories"],
            url=f"https://arxiv.org/abs/{bare_id}",
            announced_on=day,
            first_seen_at=datetime.combine(day, EVENING),
            changed_at=datetime.combine(day, EVENING),
        )
