"""A bag as bytes, to be stored with its paper and not counted again.

Promise: what is unpacked is what was packed; bytes of another version of the words,
or of anything else, are told apart and give None.
"""

from __future__ import annotations

import numpy as np

from digest.matching.bags import Bag, Counts

VERSION = 1
"""To be raised with every change of what the words of a text are."""

_MOST = 255  # a word that occurs more often than this is no more telling for it
_HEAD = np.dtype("<u4")


def pack_bag(bag: Bag) -> bytes:
    """Return the version, three sizes, then keys and counts channel by channel."""
    channels = (bag.stems, bag.forms, bag.pairs)
    head = np.array([VERSION, *(c.keys.size for c in channels)], _HEAD)
    body = b"".join(
        c.keys.astype("<i8").tobytes()
        + np.minimum(c.counts, _MOST).astype(np.uint8).tobytes()
        for c in channels
    )
    return head.tobytes() + body


def unpack_bag(packed: bytes) -> Bag | None:
    """Return the bag of `pack_bag`, or None for bytes that this version never wrote."""
    head_size = 4 * _HEAD.itemsize
    if len(packed) < head_size:
        return None
    version, *sizes = np.frombuffer(packed, _HEAD, 4).tolist()
    if version != VERSION or len(packed) != head_size + 9 * sum(sizes):
        return None
    channels, at = [], head_size
    for size in sizes:
        keys = np.frombuffer(packed, "<i8", size, at).astype(np.int64)
        counts = np.frombuffer(packed, np.uint8, size, at + 8 * size)
        channels.append(Counts(keys, counts.astype(np.float32)))
        at += 9 * size
    return Bag(*channels)
