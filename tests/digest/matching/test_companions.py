"""Papers that say nearly the same are found, and others are not."""

from digest.matching import Likeness, find_alike, read_bag
from tests.digest.matching import archive

GRASPING = (
    "Grasping wet glass with soft suction hands: a first study. Soft suction hands "
    "hold wet glass where rigid grippers slip. We measure the holding force of twelve "
    "hands on bottles, panes and lamps, and find that shallow cups seal best."
)
SECOND_PART = (
    "Grasping wet glass with soft suction hands: a second study. Soft suction hands "
    "hold wet glass where rigid grippers slip. We measure the sealing time of nine "
    "hands on bottles, panes and jars, and find that shallow cups seal fastest."
)
FOLDING = (
    "Folding proteins with graph networks. Residues become nodes, contacts edges, and "
    "a network learns which contacts hold. On three hundred chains without known "
    "relatives it halves the error of older methods, at a tenth of their cost."
)


def alike(one: list[str], other: list[str], least: float) -> list[Likeness]:
    background = archive.background()
    bags = [read_bag("", text) for text in one]
    shelf = background.shelve([read_bag("", text) for text in other])
    return list(find_alike(bags, shelf, background.frequencies, least))


def test_it_finds_two_parts_of_one_work() -> None:
    found = alike([FOLDING, GRASPING], [SECOND_PART, FOLDING[::-1]], 0.55)

    assert [(pair.place, pair.other) for pair in found] == [(1, 0)]
    assert 0.55 <= found[0].cosine < 1


def test_a_text_is_as_like_itself_as_can_be() -> None:
    (pair,) = alike([GRASPING], [GRASPING], 0.55)

    assert abs(pair.cosine - 1) < 1e-5


def test_likeness_is_the_same_from_either_side() -> None:
    (there,), (back,) = (
        alike([GRASPING], [SECOND_PART], 0.1),
        alike([SECOND_PART], [GRASPING], 0.1),
    )

    assert abs(there.cosine - back.cosine) < 1e-5


def test_papers_on_one_subject_are_no_companions() -> None:
    texts = [f"{title} {abstract}" for _, title, abstract in archive.texts()[:100]]

    assert alike(texts, [GRASPING, FOLDING], 0.55) == []


def test_a_title_alone_has_no_companions() -> None:
    assert (
        alike(["Editorial: to our readers"], ["Editorial: to our readers"], 0.1) == []
    )


def test_nothing_is_like_nothing() -> None:
    assert (
        alike([], [], 0.5) == alike([GRASPING], [], 0.5) == alike([""], [""], 0) == []
    )
