"""RIS: what reference managers read. A value is one line: none can end a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from digest.exports.reference import Reference


def write(references: Sequence[Reference]) -> str:
    """All records, one after the other."""
    return "".join(map(_record, references))


def _record(reference: Reference) -> str:
    lines = [f"{tag}  - {value}" for tag, value in _fields(reference) if value]
    return "\r\n".join([*lines, "ER  - ", "", ""])


def _fields(reference: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", "JOUR" if reference.journal else "UNPB"
    yield "TI", reference.title
    for name in reference.authors:
        yield "AU", f"{name.family}, {name.given}" if name.given else name.family
    if reference.published_on:
        yield "PY", str(reference.published_on.year)
        yield "DA", reference.published_on.strftime("%Y/%m/%d")
    yield "JO", reference.journal
    yield "DO", reference.doi
    yield "AN", f"arXiv:{reference.arxiv_id}" if reference.arxiv_id else ""
    yield "KW", reference.category
    yield "UR", reference.url
    yield "AB", reference.abstract
