"""Build entries one by one: a bad one fails alone and is named."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from digest.sources.entry import Entry, NotAFeed

ENTRY_LIMIT = 5_000
_NAMED_PROBLEMS = 20

Raw = TypeVar("Raw")


class EntryError(ValueError):
    """This one entry cannot be used; the text names it and says why."""


def collect(
    items: Sequence[Raw], build: Callable[[Raw], Entry]
) -> tuple[tuple[Entry, ...], list[str]]:
    """The entries of a document, each once, and what had to be left out, in words.

    At most 5,000 are read. Long lists of problems are summed up, so that a
    document of rubbish does not fill the log.
    """
    problems: list[str] = []
    entries: dict[tuple[str, int], Entry] = {}
    for item in items[:ENTRY_LIMIT]:
        try:
            entry = build(item)
        except EntryError as reason:
            problems.append(str(reason))
            continue
        key = entry.arxiv_id or entry.guid or entry.url
        entries.setdefault((key, entry.version), entry)
    if len(problems) > _NAMED_PROBLEMS:
        more = len(problems) - _NAMED_PROBLEMS
        problems[_NAMED_PROBLEMS:] = [f"{more} more entries were left out."]
    if len(items) > ENTRY_LIMIT:
        problems.append(
            f"The document holds more than {ENTRY_LIMIT} entries; only the first "
            f"{ENTRY_LIMIT} were read."
        )
    return tuple(entries.values()), problems


def require_some(items: Sequence[object], entries: Sequence[Entry]) -> None:
    """Raise NotAFeed if there were things to read and none was of the right kind.

    A feed of another kind must not look like a day without papers.
    """
    if items and not entries:
        raise NotAFeed(
            f"None of the {len(items)} entries of the document could be used: "
            "it is of another kind, or broken."
        )
