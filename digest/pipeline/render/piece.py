"""A piece of digests in both its forms, and what goes into one paper's piece."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from digest import tex
from digest.models import Paper
from digest.pipeline.render.holes import FEEDBACK, fill, hole


class Piece:
    """HTML and text of one part of a digest; the key is a hash of both."""

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    @cached_property
    def key(self) -> str:
        """32 hexadecimal digits; equal pieces have equal keys."""
        content = f"{self.html}\0{self.text}".encode()
        return hashlib.blake2b(content, digest_size=16).hexdigest()

    @cached_property
    def size(self) -> int:
        """Bytes of the HTML without what goes into its holes."""
        return len(fill(self.html, {FEEDBACK: ""}).encode())

    @cached_property
    def feedback_count(self) -> int:
        """How often the reader's links about papers stand in the HTML."""
        return self.html.count(hole(FEEDBACK))


class PaperFacts(NamedTuple):
    """What a digest says of a paper whatever brought it, for use as a key."""

    id: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    organisation: str
    link: str
    facts: tuple[str, ...]


class Shown(NamedTuple):
    """One paper in one digest: all that its piece is made of.

    Equal values give equal pieces, whoever gets them. `evidence` and `also_in` are
    JSON as stored.
    """

    paper: PaperFacts
    evidence: str
    note: str
    is_pick: bool
    also_in: str
    also: tuple[PaperFacts, ...]

    @property
    def pieces_of_evidence(self) -> Sequence[Mapping[str, Any]]:
        """The evidence, read."""
        found: list[dict[str, Any]] = json.loads(self.evidence)
        return found

    @property
    def other_topics(self) -> Sequence[str]:
        """Names of the other topics that would have brought the paper."""
        names: list[str] = json.loads(self.also_in)
        return names


def read_paper(paper: Paper, link: str, facts: Sequence[str]) -> PaperFacts:
    """Take the facts of a paper; its title in readable characters."""
    return PaperFacts(
        paper.pk,
        tex.to_unicode(paper.title),
        paper.abstract,
        tuple(paper.author_names),
        paper.organisation,
        link,
        tuple(facts),
    )
