"""Many papers by the numbers of their keys: compiled queries without the papers.

Promise: `find` answers with the same papers as `PaperIndex.find`, or where keys alone
cannot tell with some more, and says which. It holds numbers only: tens of thousands of
papers fit into the memory of a web process.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from digest.matching.clauses import ALWAYS
from digest.matching.compiled import BETWEEN_CLAUSES, BETWEEN_KEYS, EXACT, EXCLUDED

KeyNumbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def number_keys(keys: Iterable[str]) -> KeyNumbers:
    """Return the keys as numbers of 63 bits, each once, ascending, shape (k,)."""
    return np.unique(np.fromiter(map(_number, keys), np.int64))


class KeyIndex:
    """Papers by the numbers of their keys, in the order given."""

    def __init__(self, rows: Sequence[KeyNumbers]) -> None:
        """Turn the papers' keys round; a row has the keys of one paper."""
        self._size = len(rows)
        keys = np.concatenate([np.empty(0, np.int64), *rows])
        sizes = [row.size for row in rows]
        papers = np.repeat(np.arange(self._size, dtype=np.int32), sizes)
        order = np.argsort(keys, kind="stable")
        self._papers = papers[order]
        self._keys, starts = np.unique(keys[order], return_index=True)
        self._starts = np.append(starts, keys.size)

    def find(self, compiled: str) -> tuple[Mask, bool]:
        """Return which papers may have what a compiled query asks, shape (n,).

        The second value says whether the query holds for all of them; where it does
        not, `compile_query`'s text has to be asked of each.
        """
        found = np.ones(self._size, np.bool_)
        for clause in compiled[1:].split(BETWEEN_CLAUSES):
            if clause.startswith(EXCLUDED):
                found &= ~self._find_any(clause[1:])
            else:
                found &= self._find_any(clause)
        return found, compiled.startswith(EXACT)

    def _find_any(self, clause: str) -> Mask:
        found = np.zeros(self._size, np.bool_)
        for key in clause.split(BETWEEN_KEYS):
            if key == ALWAYS:
                found[:] = True
            found[self._having(key)] = True
        return found

    def _having(self, key: str) -> npt.NDArray[np.int32]:
        at = int(np.searchsorted(self._keys, _number(key)))
        if at == self._keys.size or self._keys[at] != _number(key):
            return self._papers[:0]
        return self._papers[self._starts[at] : self._starts[at + 1]]


def _number(key: str) -> int:
    digest = blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
