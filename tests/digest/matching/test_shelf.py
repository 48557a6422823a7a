"""Papers side by side: what a column says of a word, and all columns at once."""

import numpy as np

from digest.matching import Background, read_bag
from digest.matching.bags import read_wording
from digest.matching.shelf import Columns
from digest.matching.tf_idf import tf_idf

BAGS = [
    read_bag("", "noise of diodes and noise of valves, noise"),
    read_bag("", "valves"),
    read_bag("", "diodes in parallel"),
]


def test_the_norm_is_the_length_of_the_row_that_logs_and_idf_make() -> None:
    background = Background.build(BAGS)
    stems = background.recent.channels["stems"]
    for place, bag in enumerate(BAGS):
        row = tf_idf(bag.stems, background.frequencies)
        idf = background.frequencies.idf("stems", bag.stems.keys)
        numbers, entries = stems.gather(bag.stems.keys)
        own = stems.papers[entries] == place
        built = stems.logs[entries[own]] * idf[numbers[own]]
        np.testing.assert_allclose(
            built / background.recent.norms[place], row.counts, rtol=1e-5
        )


def test_gathering_is_finding_each() -> None:
    stems = Background.build(BAGS).recent.channels["stems"]
    keys = read_wording("valves diodes nothing").stems.keys
    found = [
        (number, entry)
        for number, span in stems.find(keys)
        for entry in range(span.start, span.stop)
    ]
    numbers, entries = stems.gather(keys)
    assert found
    assert list(zip(numbers.tolist(), entries.tolist(), strict=True)) == found


def test_nothing_is_gathered_where_there_is_nothing() -> None:
    nothing: Columns = Background.build([]).recent.channels["stems"]
    numbers, entries = nothing.gather(read_wording("valves").stems.keys)
    assert not numbers.size
    assert not entries.size
