"""Numbers for keys, looked up by the million: a hash table that NumPy searches at once."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
Ints = NDArray[np.int64]

_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_HALF: Final = np.uint64(32)
_SLOTS_PER_KEY: Final = 8


def mix(keys: Keys) -> Keys:
    """Return keys whose bits depend on all bits of those given; no two become one."""
    spread = keys * _SPREAD
    spread ^= spread >> _HALF
    spread *= _SPREAD
    return spread


class Lookup:
    """Finds the place of keys in the list that it was built of."""

    def __init__(self, keys: Keys) -> None:
        """Take distinct keys, made by `mix`: their first bits say where they are kept."""
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._places = order.astype(np.int64)
        bits = max(len(keys) * _SLOTS_PER_KEY, 1).bit_length()
        self._shift = np.uint64(64 - bits)
        slots = (self._keys >> self._shift).astype(np.int64)
        self._begin = np.searchsorted(slots, np.arange((1 << bits) + 1)).astype(np.int32)

    def find(self, keys: Keys) -> Ints:
        """Return the place of each key, -1 where it is not in the list."""
        places = np.full(len(keys), -1, dtype=np.int64)
        slot = (keys >> self._shift).astype(np.int64)
        at, end = self._begin[slot], self._begin[slot + 1]
        rows = np.flatnonzero(at < end)
        at, end, wanted = at[rows], end[rows], keys[rows]
        while len(rows):
            is_it = self._keys[at] == wanted
            places[rows[is_it]] = self._places[at[is_it]]
            at = at + 1
            more = ~is_it & (at < end)
            rows, at, end, wanted = rows[more], at[more], end[more], wanted[more]
        return places
