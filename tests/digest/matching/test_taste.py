"""What marks change, and what is shown of it."""

import numpy as np

from digest.matching import Marks, TopicScorer, make_scorer, name_terms, read_wish
from tests.digest.matching import archive


def marked(
    liked: list[int],
    wish: str = "control",
    *,
    disliked: list[int] | None = None,
    muted: frozenset[str] = frozenset(),
) -> TopicScorer:
    background = archive.background()
    marks = Marks(
        background.recent.take(liked), background.recent.take(disliked or []), muted
    )
    return make_scorer(read_wish([wish]), background, marks=marks)


def mean_score(scorer: TopicScorer, subject: str) -> float:
    scores = scorer.judge(archive.background().recent).score
    return float(scores[archive.places(subject)].mean())


def test_it_moves_towards_what_was_liked_after_the_first_mark() -> None:
    before = make_scorer(read_wish(["method"]), archive.background())
    after = marked(archive.places("stars")[:1], "method")
    assert mean_score(after, "stars") > mean_score(before, "stars")


def test_it_leaves_the_wish_the_first_say_while_marks_are_few() -> None:
    scorer = marked(archive.places("stars")[:1], "robot grasping gripper")
    assert mean_score(scorer, "robots") > mean_score(scorer, "stars")


def test_it_follows_examples_alone_without_a_wish() -> None:
    scorer = marked(archive.places("graphs")[:5], "")
    wanted = np.flatnonzero(scorer.judge(archive.background().recent).wanted())
    assert {archive.texts()[at][0] for at in wanted} == {"graphs"}


def test_it_moves_away_from_what_was_disliked() -> None:
    liked, disliked = archive.places("stars")[:3], archive.places("graphs")[:3]
    without = marked(liked, "method")
    with_them = marked(liked, "method", disliked=disliked)
    assert mean_score(with_them, "graphs") < mean_score(without, "graphs")


def test_it_shows_what_it_learned_and_forgets_what_is_muted() -> None:
    liked = archive.places("proteins")[:6]
    texts = [" ".join(archive.texts()[at][1:]) for at in liked]
    taste = marked(liked).taste
    assert taste is not None
    shown = name_terms(taste, texts)
    assert shown[0].weight == 1
    assert {term.word for term in shown} & set(archive.SUBJECTS["proteins"].split())
    silent = marked(liked, muted=frozenset({shown[0].stem})).taste
    assert silent is not None
    assert shown[0].stem not in {term.stem for term in name_terms(silent, texts)}
    assert name_terms(taste, []) == ()
