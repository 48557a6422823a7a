"""Vectors as bytes: float16, least byte first; half the size, the same order."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

STORED = np.dtype("<f2")


def pack(vector: NDArray[np.float32]) -> bytes:
    """One vector as bytes."""
    return vector.astype(STORED).tobytes()


def unpack(rows: Iterable[bytes], dimensions: int) -> NDArray[np.float32]:
    """Packed vectors of one length as the rows of an array."""
    data = b"".join(rows)
    return np.frombuffer(data, STORED).astype(np.float32).reshape(-1, dimensions)
