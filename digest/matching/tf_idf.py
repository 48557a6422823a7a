"""A text as a row of unit length: how telling each of its words is, (1 + ln tf) idf."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from digest.matching.bags import Counts
from digest.matching.frequencies import Frequencies

Row: TypeAlias = Counts


def tf_idf(stems: Counts, frequencies: Frequencies) -> Row:
    """Return the row of a text's stems; all zeros for a text without words."""
    row = (1 + np.log(stems.counts)) * frequencies.idf("stems", stems.keys)
    length = float(np.linalg.norm(row))
    return Counts(stems.keys, row / np.float32(length or 1))
