"""What the service knows before it looks at a paper: the archive in numbers.

Promise: the same bytes for the same papers; what is read back scores alike. Bytes of
another version are refused with `BackgroundError`, to be built anew.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from digest.matching.bags import CHANNELS, Bag, Channel, Counts, Floats
from digest.matching.frequencies import Frequencies, count_papers
from digest.matching.latent import LatentModel, fit_latent, known_rows
from digest.matching.shelf import Shelf, make_shelf

VERSION = 1
_RIDGE = 0.01  # of a unit vector's length squared, per dimension
RECENT_PAPERS = 3000
"""How many of the newest papers each topic is measured against."""


class BackgroundError(ValueError):
    """These bytes are no background that this version can read."""


class Spread(NamedTuple):
    """Where vectors lie: their mean, shape (d,), and inverse covariance, (d, d)."""

    mean: Floats
    inverse: Floats


@dataclass(frozen=True)
class Background:
    """Word frequencies and latent model of the archive, and its newest papers."""

    frequencies: Frequencies
    latent: LatentModel | None
    recent: Shelf

    @classmethod
    def build(
        cls,
        bags: Sequence[Bag],
        meaning: Floats | None = None,
        recent: int = RECENT_PAPERS,
    ) -> Background:
        """Learn from the papers of the archive, oldest first.

        meaning: their unit vectors by an `Encoder`, shape (len(bags), dimensions);
        recent: how many of the newest each topic is measured against.
        """
        frequencies = count_papers(bags)
        latent = fit_latent(bags, frequencies)
        newest = None if meaning is None else meaning[-recent:]
        recent_shelf = make_shelf(bags[-recent:], frequencies, latent, newest)
        return cls(frequencies, latent, recent_shelf)

    @cached_property
    def spreads(self) -> dict[str, Spread]:
        """How the recent papers lie in each vector space that there is."""
        spaces = {"latent": self.recent.latent, "meaning": self.recent.meaning}
        known = {
            name: known_rows(vectors)
            for name, vectors in spaces.items()
            if vectors is not None
        }
        return {name: _spread(rows) for name, rows in known.items() if len(rows)}

    def shelve(self, bags: Sequence[Bag], meaning: Floats | None = None) -> Shelf:
        """Put papers side by side as this archive sees them."""
        return make_shelf(bags, self.frequencies, self.latent, meaning)

    def to_bytes(self) -> bytes:
        """Return everything as one compressed numpy archive."""
        known = self.frequencies
        arrays: dict[str, npt.NDArray[np.generic]] = {
            "version": np.array([VERSION]),
            "papers": np.array([known.papers]),
            "average_length": np.array([known.average_length]),
        }
        for channel in CHANNELS:
            arrays |= _name(f"all_{channel}", known.channels[channel])
            arrays |= _pack(channel, self.recent.bags)
        if self.latent is not None:
            arrays["latent_keys"] = self.latent.keys
            arrays["latent_idf"] = self.latent.idf
            arrays["latent_basis"] = self.latent.basis
        if self.recent.meaning is not None:
            arrays["meaning"] = self.recent.meaning
        stored = io.BytesIO()
        np.savez_compressed(stored, **arrays)  # type: ignore[arg-type]
        return stored.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> Background:
        """Read what `to_bytes` wrote, or raise `BackgroundError`."""
        try:
            with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
                return cls._read({name: arrays[name] for name in arrays.files})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise BackgroundError(str(error)) from error

    @classmethod
    def _read(cls, arrays: dict[str, npt.NDArray[np.generic]]) -> Background:
        if arrays["version"].tolist() != [VERSION]:
            raise BackgroundError("another version wrote these bytes")
        frequencies = Frequencies(
            int(arrays["papers"][0]),
            float(arrays["average_length"][0]),
            {channel: _counts(arrays, f"all_{channel}") for channel in CHANNELS},
        )
        latent = None
        if "latent_keys" in arrays:
            names = ("latent_keys", "latent_idf", "latent_basis")
            latent = LatentModel(*(arrays[name] for name in names))  # type: ignore[arg-type]
        unpacked = {channel: _unpack(arrays, channel) for channel in CHANNELS}
        bags = [Bag(*row) for row in zip(*unpacked.values(), strict=True)]
        meaning: Floats | None = arrays.get("meaning")  # type: ignore[assignment]
        return cls(frequencies, latent, make_shelf(bags, frequencies, latent, meaning))


def _spread(vectors: Floats) -> Spread:
    """Measure vectors; a little is added to every variance (ridge)."""
    mean = vectors.mean(axis=0)
    centred = vectors - mean
    covariance = centred.T @ centred / np.float32(len(vectors))
    ridge = np.eye(covariance.shape[0], dtype=np.float32) * np.float32(_RIDGE)
    return Spread(mean, np.linalg.inv(covariance + ridge).astype(np.float32))


def _name(name: str, counts: Counts) -> dict[str, npt.NDArray[np.generic]]:
    return {f"{name}_keys": counts.keys, f"{name}_counts": counts.counts}


def _counts(arrays: dict[str, npt.NDArray[np.generic]], name: str) -> Counts:
    return Counts(arrays[f"{name}_keys"], arrays[f"{name}_counts"])  # type: ignore[arg-type]


def _pack(channel: Channel, bags: Sequence[Bag]) -> dict[str, npt.NDArray[np.generic]]:
    """Return one channel of many texts end to end, and the size of each."""
    rows: list[Counts] = [getattr(bag, channel) for bag in bags]
    keys = [np.empty(0, np.int64), *(row.keys for row in rows)]
    counts = [np.empty(0, np.float32), *(row.counts for row in rows)]
    joined = Counts(np.concatenate(keys), np.concatenate(counts))
    sizes = np.array([row.keys.size for row in rows], np.int64)
    return _name(channel, joined) | {f"{channel}_sizes": sizes}


def _unpack(
    arrays: dict[str, npt.NDArray[np.generic]], channel: Channel
) -> list[Counts]:
    joined = _counts(arrays, channel)
    ends = np.cumsum(arrays[f"{channel}_sizes"].astype(np.int64))[:-1]
    if not arrays[f"{channel}_sizes"].size:
        return []
    return [
        Counts(keys, counts)
        for keys, counts in zip(
            np.split(joined.keys, ends), np.split(joined.counts, ends), strict=True
        )
    ]
