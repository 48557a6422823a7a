"""Read the labels that feeds write into the text itself.

Where a format has no place for authors or a DOI, many feeds put them into the
description, a paragraph each: "DOI: 10.…", "Authors: A B, C D", "Abstract: …".
"""

import re
from dataclasses import dataclass

from digest.sources.identity import bare_doi

_ABSTRACT = re.compile(r"(?:graphical )?(?:abstract|summary)\b[:.\s]*", re.IGNORECASE)
_AUTHORS = re.compile(r"authors?(?:\(s\))?\s*:\s*", re.IGNORECASE)
_DOI = re.compile(r"\bdoi\s*:?\s*(?:https?://(?:dx\.)?doi\.org/)?(10\.\S+)", re.I)
_OTHER = re.compile(
    r"(?:publication date|published|publication|source|journal|upvotes|doi|pmid|volume"
    r"|issue|pages?|keywords?|copyright|available online)\b[^.\n]{0,10}:",
    re.IGNORECASE,
)
_CITATION = re.compile(
    r"[^.\n]{0,80}\b(?:volume \d|vol\. ?\d|ahead of print|published online|earlyview)",
    re.I,
)
_REFERENCE_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Labelled:
    """A description taken apart; what it does not name is ""."""

    abstract: str
    authors: str = ""
    doi: str = ""


def read(text: str) -> Labelled:
    """The parts of a plain text with blank lines between its paragraphs.

    What comes after a paragraph that opens with "Abstract" or "Summary" is the
    abstract; without one it is all that no other label claims.
    """
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    authors = next(
        (part[m.end() :] for part in paragraphs if (m := _AUTHORS.match(part))), ""
    )
    dois = {bare_doi(found) for part in paragraphs for found in _short_dois(part)}
    dois.discard("")
    return Labelled(
        abstract="\n\n".join(_abstract(paragraphs)),
        authors=authors,
        doi=dois.pop() if len(dois) == 1 else "",
    )


def _short_dois(paragraph: str) -> list[str]:
    """DOIs of a reference; one in running text may be another paper's."""
    return _DOI.findall(paragraph) if len(paragraph) <= _REFERENCE_LENGTH else []


def _abstract(paragraphs: list[str]) -> list[str]:
    for position, part in enumerate(paragraphs):
        label = _ABSTRACT.match(part)
        if label and (
            part[: label.end()].rstrip()[-1:] == ":" or label.end() == len(part)
        ):
            return [p for p in (part[label.end() :], *paragraphs[position + 1 :]) if p]
    return [part for part in paragraphs if not _is_claimed(part)]


def _is_claimed(part: str) -> bool:
    """Whether the paragraph is a label with its value, or a bare reference."""
    if len(part) > _REFERENCE_LENGTH:
        return False
    return any(
        pattern.match(part) is not None for pattern in (_AUTHORS, _OTHER, _CITATION)
    )
