"""The phrases that several texts share: a wish to begin with."""

from digest import matching

NOTHING = matching.count_papers([])

TEXTS = [
    "Soft grasping of fruit. We propose a new method for soft grasping.",
    "Diffusion policies. We propose a new method. Soft-grasping robots.",
    "Diffusion policies for arms. A new method of 2 steps, 2 steps again.",
]


def test_the_phrases_that_several_texts_share_come_first_by_worth() -> None:
    usual = ["We propose a new method.", "Another new method."] * 200
    archive = matching.count_papers([matching.read_bag("", text) for text in usual])

    found = matching.telling_phrases(TEXTS, archive)

    assert set(found[:2]) == {"diffusion policies", "soft grasping"}
    assert "new method" in found[2:]


def test_every_phrase_stands_in_a_text_and_none_only_repeats_others() -> None:
    found = matching.telling_phrases(
        ["graph neural network models"] * 3 + ["neural network"], NOTHING
    )

    assert set(found) <= {"graph neural", "neural network", "network models"}
    assert 2 <= len(found) <= 3


def test_two_texts_share_nothing_that_tells() -> None:
    assert matching.telling_phrases(TEXTS[:2], NOTHING) == ()
    assert matching.telling_phrases(["one thing", "another", "third"], NOTHING) == ()


def test_there_are_at_most_so_many() -> None:
    text = " ".join(f"alpha{n}x beta{n}x." for n in range(50))

    assert len(matching.telling_phrases([text] * 3, NOTHING, limit=5)) == 5
