"""One topic's scorer: the wish and the marks of a topic against any papers.

Promise: a paper's score depends on the topic, the background and the paper alone, not
on what is scored with it: back-test and today's papers agree. Making a scorer costs
milliseconds; it holds no paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digest.matching import decision, standard, taste
from digest.matching.background import Background
from digest.matching.bags import Floats
from digest.matching.decision import Bar, Strictness, Traits
from digest.matching.shares import choose_share
from digest.matching.shelf import Shelf
from digest.matching.signals import Aim, Signals, read_signals, take_aim
from digest.matching.standard import Measured
from digest.matching.taste import Marks, Taste
from digest.matching.wish import Wish, WishKind

_NAME_COVERAGE = 0.6  # of the idf of a name, for its words to stand alone
_LATENT_EVIDENCE = (2.0, 0.3)  # standard score and cosine that stand without a word


@dataclass(frozen=True, slots=True)
class Verdicts:
    """About the papers of a shelf, in its order, shape (n,) each.

    score: standard score, comparable between topics; margin: how far above the usual
    strictness; probability: of being wanted, 0 to 1; parts: the
    standard scores of "words", "latent", "meaning", "examples", as far as there are.
    """

    score: Floats
    margin: Floats
    probability: Floats
    has_evidence: npt.NDArray[np.bool_]
    parts: dict[str, Floats]

    def wanted(
        self, strictness: Strictness = Strictness.USUAL
    ) -> npt.NDArray[np.bool_]:
        """Say which papers are sent at a strictness."""
        return self.has_evidence & (self.margin >= strictness.value)


@dataclass(frozen=True, slots=True)
class _Learned:
    """A taste, what its parts are on recent papers, and how much it counts."""

    taste: Taste
    measured: Measured
    share: float

    def score(self, shelf: Shelf, background: Background) -> Floats:
        """Return the standard scores of papers by the taste."""
        parts = self.taste.score(shelf, background.frequencies)
        return self.measured.apply(parts).joined


@dataclass(frozen=True, slots=True)
class TopicScorer:
    """Made by `make_scorer`; ask `judge`."""

    wish: Wish
    aim: Aim
    background: Background
    measured: Measured
    learned: _Learned | None
    bar: Bar

    @property
    def kind(self) -> WishKind:
        """The kind of topic that decides about the default strictness."""
        return self.wish.kind

    @property
    def taste(self) -> Taste | None:
        """What was learned, if papers were marked."""
        return self.learned.taste if self.learned else None

    def judge(self, shelf: Shelf) -> Verdicts:
        """Score papers and decide."""
        signals = read_signals(self.wish, self.aim, shelf, self.background)
        parts, score = self._score(signals, shelf)
        traits = _traits(self.wish, signals, score, self.learned)
        odds = decision.odds_of(traits, self.bar, self.kind)
        return Verdicts(
            score,
            odds,
            decision.probabilities(odds, self.kind),
            _has_evidence(signals, parts, self.kind),
            parts,
        )

    def _score(
        self, signals: Signals, shelf: Shelf
    ) -> tuple[dict[str, Floats], Floats]:
        scores = self.measured.apply(standard.wish_parts(signals))
        if self.learned is None:
            return scores.parts, scores.joined
        examples = self.learned.score(shelf, self.background)
        share = np.float32(self.learned.share)
        mixed = (1 - share) * scores.joined + share * examples
        return scores.parts | {"examples": examples}, np.asarray(mixed, np.float32)


def make_scorer(
    wish: Wish,
    background: Background,
    meaning: Floats | None = None,
    marks: Marks | None = None,
) -> TopicScorer:
    """Measure a topic on the recent papers.

    meaning: the vectors of the wish's wordings by an `Encoder`, shape (w, d).
    """
    aim = take_aim(wish, background, meaning)
    recent = background.recent
    signals = read_signals(wish, aim, recent, background)
    measured = standard.measure_wish(signals)
    topic = measured.apply(standard.wish_parts(signals)).joined
    learned = None
    if marks is not None and marks.count:

        def score_wish(shelf: Shelf) -> Floats:
            found = read_signals(wish, aim, shelf, background)
            return measured.apply(standard.wish_parts(found)).joined

        share = 1.0
        if not wish.is_empty:
            share = choose_share(marks, background, score_wish)
        learned = _learn(marks, background, share)
        examples = learned.score(recent, background)
        topic = (1 - learned.share) * topic + learned.share * examples
    bar = decision.set_bar(_traits(wish, signals, topic, learned))
    return TopicScorer(wish, aim, background, measured, learned, bar)


def _traits(
    wish: Wish, signals: Signals, scores: Floats, learned: _Learned | None
) -> Traits:
    longest = max((bag.stems.total for bag in wish.bags), default=0.0)
    share = learned.share if learned else 0.0
    return Traits(scores, signals.words.coverage, signals.strength, longest, share)


def _learn(marks: Marks, background: Background, share: float) -> _Learned:
    learned = taste.learn(marks, background)
    parts = learned.score(background.recent, background.frequencies)
    return _Learned(learned, standard.measure_taste(parts), share)


def _has_evidence(
    signals: Signals, parts: dict[str, Floats], kind: WishKind
) -> npt.NDArray[np.bool_]:
    """Say which papers have words of the wish, or are clearly near without them.

    Of a name most must be there: "jailbreak attacks" is not any attack.
    """
    found = signals.words.scores > 0
    if kind is WishKind.NAME:
        found &= signals.words.coverage >= _NAME_COVERAGE
    least_score, least_cosine = _LATENT_EVIDENCE
    for name in ("latent", "meaning"):
        cosines: Floats | None = getattr(signals, name)
        if cosines is not None and name in parts:
            found = found | ((parts[name] >= least_score) & (cosines >= least_cosine))
    if "examples" in parts:
        found = found | (parts["examples"] >= least_score)
    return np.asarray(found, np.bool_)
