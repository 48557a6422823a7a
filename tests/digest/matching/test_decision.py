"""What is sent: own papers yes, fillers no, and what the slider does."""

from itertools import pairwise

import numpy as np
import pytest

from digest.matching import Strictness, WishKind, make_scorer, read_bag, read_wish
from digest.matching.bags import Floats
from digest.matching.decision import Bar, Traits, odds_of
from tests.digest.matching import archive


def sent(wish: str, strictness: Strictness = Strictness.USUAL) -> set[str]:
    background = archive.background()
    verdicts = make_scorer(read_wish([wish]), background).judge(background.recent)
    wanted = np.flatnonzero(verdicts.wanted(strictness))
    return {archive.texts()[at][0] for at in wanted}


@pytest.mark.parametrize("subject", sorted(archive.SUBJECTS))
def test_it_sends_the_papers_of_a_subject_and_no_other(subject: str) -> None:
    assert sent(" ".join(archive.SUBJECTS[subject].split()[:3])) == {subject}


def test_it_sends_nothing_to_a_topic_that_has_nothing() -> None:
    assert sent("medieval Icelandic poetry") == set()
    assert sent("the of and") == set()


def test_it_wants_more_of_a_name_than_its_commonest_word() -> None:
    background = archive.background()
    papers = background.shelve([read_bag("A method", "A method of method.")] * 2)
    scorer = make_scorer(read_wish(["xylophone method"]), background)
    assert not scorer.judge(papers).wanted(Strictness.MOST).any()


def test_it_sends_nothing_on_a_thin_day() -> None:
    background = archive.background()
    scorer = make_scorer(read_wish(["robot grasping"]), background)
    thin = background.shelve(
        [read_bag("Stellar dust", "A telescope saw a galaxy with much dust.")]
    )
    assert not scorer.judge(thin).wanted().any()
    assert not scorer.judge(background.shelve([])).wanted().size


def test_it_sends_less_the_stricter_it_is() -> None:
    background = archive.background()
    scorer = make_scorer(read_wish(["robot grasping"]), background)
    verdicts = scorer.judge(background.recent)
    sets = [verdicts.wanted(strictness) for strictness in Strictness]
    for wider, narrower in pairwise(sets):
        assert not (narrower & ~wider).any()
    assert sets[0].sum() > sets[-1].sum()


def test_it_is_surer_of_what_it_puts_higher() -> None:
    background = archive.background()
    verdicts = make_scorer(read_wish(["robot grasping"]), background).judge(
        background.recent
    )
    order = np.argsort(verdicts.margin)
    assert (np.diff(verdicts.probability[order]) >= 0).all()


BAR = Bar(8.0, 0.5, 0.3)


def odds(kind: WishKind, score: float, coverage: float, strength: float) -> float:
    """Odds of one paper of a topic whose best recent paper scored 8 and has half."""
    return float(odds_of(traits(score, coverage, strength), BAR, kind)[0])


def traits(score: float, coverage: float, strength: float) -> Traits:
    return Traits(one(score), one(coverage), one(strength), words=9.0)


def one(value: float) -> Floats:
    return np.array([value], np.float32)


@pytest.mark.parametrize("kind", WishKind)
def test_a_higher_score_never_counts_less(kind: WishKind) -> None:
    found = [odds(kind, score, 0.5, 0.3) for score in (0.1, 1, 3, 5, 8, 12)]
    assert found == sorted(found)
    assert found[0] < 0 < found[-1]


def test_words_make_up_for_a_lower_score_in_a_name_alone() -> None:
    name, sentence = WishKind.NAME, WishKind.SENTENCE
    assert odds(name, 3, 1.0, 0.6) > odds(name, 3, 0.5, 0.3)
    assert odds(sentence, 3, 1.0, 0.6) == odds(sentence, 3, 0.5, 0.3)


def test_a_sentence_of_which_nothing_is_there_needs_a_better_paper() -> None:
    kind = WishKind.SENTENCE
    foreign = float(odds_of(traits(8, 0.1, 0.01), Bar(8.0, 0.1, 0.01), kind)[0])
    assert foreign < 0 < odds(kind, 8, 0.5, 0.3)
