"""An edition: everything of a digest that is not one person's alone, rendered once.

Readers who get the same papers for the same reasons share one row; its key hashes
all that it says. Its pieces are rows of their own, which editions share in turn.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.conf import settings
from django.db import IntegrityError, transaction

from digest import links
from digest.models import Edition, Fragment
from digest.models.bulk import insert_values
from digest.pipeline.render.content import (
    Content,
    Frame,
    Reading,
    make_content,
    make_coverage,
    make_pieces,
    make_shell,
    make_texts,
)
from digest.pipeline.render.fragments import language_code
from digest.pipeline.render.piece import Piece
from digest.pipeline.render.standing import Item, Standing, arrange

MAX_HTML_BYTES = 90_000
"""Gmail cuts a mail at about 102 KB; the personal links need some room too."""

EASY_HTML_BYTES = 78_000
"""Papers take less room before a mail comes near the limit."""

DATED_FOR = timedelta(days=1)
"""How long a piece keeps its date while it is used."""

ABSTRACT_LENGTHS = (320, 240, 160, 80, 0)
"""Characters of each abstract: as many as a mail of its size allows."""


_COLUMNS = (
    "key",
    "subject",
    "shell",
    "parts",
    "coverage",
    "texts",
    "language",
    "created_at",
)


class NothingToSayError(Exception):
    """No paper is left for the mail."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An edition that may not be stored yet, and its pieces."""

    edition: Edition
    pieces: Sequence[Piece]


def draft(reading: Reading, digest_id: int, frame: Frame) -> Draft:
    """Put together what a digest says, in the language that is active."""
    places = arrange(reading.items(digest_id))
    mailed = [place for place in places if place.item.is_in_mail]
    if not mailed:
        raise NothingToSayError("a curator hid every paper of this digest")
    shell = make_shell()
    content, body = _fit(reading, frame, mailed, reading.count(digest_id), shell.size)
    coverage = make_coverage(content)
    texts = make_texts(content)
    edition = Edition(
        subject=texts["subject"],
        shell=shell.key,
        parts=[piece.key for piece in body],
        coverage=coverage.key,
        texts=texts,
        language=language_code(),
    )
    edition.key = _hash(edition)
    return Draft(edition, [shell, coverage, *body])


def store(drafts: Iterable[Draft], *, now: datetime) -> dict[str, int]:
    """Store the editions that are new; the ids of all of them, by key."""
    by_key = {each.edition.key: each for each in drafts}
    known = _read(by_key)
    new = [by_key[key] for key in by_key.keys() - known.keys()]
    if not new:
        return known
    pieces = {piece.key: piece for each in new for piece in each.pieces}
    for key in _read_pieces(pieces, now):
        del pieces[key]
    Fragment.objects.bulk_create(
        [
            Fragment(key=k, html=p.html, text=p.text, created_at=now)
            for k, p in sorted(pieces.items())
        ],
        ignore_conflicts=True,
        batch_size=200,
    )
    for each in new:
        each.edition.created_at = now
    _insert(sorted((each.edition for each in new), key=attrgetter("key")))
    return known | _read(each.edition.key for each in new)


def _insert(editions: Sequence[Edition]) -> None:
    """Insert editions, of which another worker may write the same meanwhile."""
    try:
        with transaction.atomic():
            rows = (tuple(getattr(one, name) for name in _COLUMNS) for one in editions)
            insert_values(Edition, _COLUMNS, rows)
    except IntegrityError:
        Edition.objects.bulk_create(editions, ignore_conflicts=True, batch_size=200)


def _read_pieces(keys: Iterable[str], now: datetime) -> set[str]:
    """Which of these pieces are stored, and dated within the last day now.

    `forget` drops what has an old date. One that it has locked is waited for, and is
    not there afterwards.
    """
    rows = Fragment.objects.filter(key__any_of=keys)
    dates = dict(rows.values_list("key", "created_at"))
    old = {key for key, date in dates.items() if date <= now - DATED_FOR}
    if not old:
        return set(dates)
    locked = Fragment.objects.filter(key__in=old).order_by("key").select_for_update()
    left = set(locked.values_list("key", flat=True))
    Fragment.objects.filter(key__in=left).update(created_at=now)
    return (set(dates) - old) | left


def _read(keys: Iterable[str]) -> dict[str, int]:
    rows = Edition.objects.filter(key__any_of=keys)
    return dict(rows.values_list("key", "pk"))


def _hash(edition: Edition) -> str:
    said = [
        edition.shell,
        edition.parts,
        edition.coverage,
        edition.texts,
        edition.language,
        settings.SITE_URL,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _fit(
    reading: Reading,
    frame: Frame,
    mailed: Sequence[Standing[Item]],
    count: int,
    shell_size: int,
) -> tuple[Content, list[Piece]]:
    """Give papers less room while it is too large, then leave some to the web."""
    content = make_content(reading, frame, mailed, count - _count(mailed))
    for length in ABSTRACT_LENGTHS:
        pieces = make_pieces(content, length)
        if _size(pieces) + shell_size <= EASY_HTML_BYTES:
            return content, pieces
    while _size(pieces) + shell_size > MAX_HTML_BYTES and len(mailed) > 1:
        mailed = mailed[: max(1, len(mailed) * 9 // 10)]
        content = make_content(reading, frame, mailed, count - _count(mailed))
        pieces = make_pieces(content, ABSTRACT_LENGTHS[-1])
    return content, pieces


def _count(standings: Sequence[Standing[Item]]) -> int:
    return sum(standing.paper_count for standing in standings)


def _size(pieces: Iterable[Piece]) -> int:
    """Bytes of HTML, with the links that every paper has filled in."""
    token = len(links.new_token())
    return sum(piece.size + token * piece.feedback_count for piece in pieces)
