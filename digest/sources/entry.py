"""What a parser hands over: one thing in a feed, not yet ours.

Plain values only. Nothing here knows Django, Celery or a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class AnnounceType(StrEnum):
    """Why a feed lists a paper, in arXiv's own words."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


@dataclass(frozen=True, slots=True)
class Author:
    """One author as printed; the affiliation stands apart."""

    name: str
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper as one feed states it.

    `arxiv_id` is bare ("2604.15332", "hep-th/9901001"), its version apart (0:
    the feed does not say). Title, abstract and names are plain text with TeX
    kept as it came. `published_doi` is that of the journal's version of a
    preprint, `comment` the authors' own remark. `signals` holds what the feed
    says about attention and code; its keys are those of `SIGNALS`.
    """

    title: str
    url: str
    arxiv_id: str = ""
    version: int = 0
    doi: str = ""
    guid: str = ""
    abstract: str = ""
    authors: tuple[Author, ...] = ()
    categories: tuple[str, ...] = ()
    announce_type: AnnounceType = AnnounceType.NEW
    announced_on: date | None = None
    journal_ref: str = ""
    license_url: str = ""
    organisation: str = ""
    is_withdrawn: bool = False
    published_doi: str = ""
    comment: str = ""
    signals: Mapping[str, int | str | list[str]] = field(default_factory=dict)


SIGNALS = (
    "upvotes",  # int
    "comments",  # int
    "code_url",  # str
    "code_stars",  # int
    "project_url",  # str
    "keywords",  # list of str
    "submitted_by",  # str
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """All that one feed document said.

    `announced_on` is the day the document claims for itself, in the feed's own
    zone. `problems` names, in words, each entry that had to be left out and
    each fault of the document that was survived. A source that answers in
    pages names the next one in `next_url`: the document is whole only when
    all of them are read. `next_url_expires_at` is the service's own word on how
    long it can be asked for; None if it says nothing. `is_whole` is False for a
    document that breaks off or reaches the number at which its service cuts.
    """

    entries: tuple[Entry, ...]
    title: str = ""
    announced_on: date | None = None
    problems: tuple[str, ...] = ()
    next_url: str = ""
    next_url_expires_at: datetime | None = None
    is_whole: bool = True


class SourceError(Exception):
    """A source could not be read. The text says what and where, for people."""


class SourceBusy(SourceError):  # noqa: N818 - the word of the field
    """The source asked to come back later."""

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        """Keep how long to stay away, already clamped to 1 minute .. 24 hours."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class NotAFeed(SourceError):  # noqa: N818 - says it better
    """The answer is no feed of this kind: a login page, nothing, an error feed."""


class NotThere(SourceError):  # noqa: N818 - says it better
    """The server answered that it has nothing at this address."""
