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
    """Finds the place of keys in the list that it was built of.

    Nearly every slot has one key at most, which is kept by slot: one look, of all keys at once,
    settles most of them.
    """

    def __init__(self, keys: Keys) -> None:
        """Take distinct keys, made by `mix`: their first bits say where they are kept."""
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._places = order.astype(np.int64)
        bits = max(len(keys) * _SLOTS_PER_KEY, 1).bit_length()
        self._shift = np.uint64(64 - bits)
        slots = (self._keys >> self._shift).astype(np.int64)
        self._begin = np.searchsorted(slots, np.arange((1 << bits) + 1)).astype(np.int32)
        counts = np.diff(self._begin)
        self._is_shared = counts > 1
        # an empty slot has a key of another slot, which is never looked for there
        self._first_key = np.zeros(1 << bits, dtype=np.uint64)
        self._first_key[0] = ~np.uint64(0)
        self._first_place = np.full(1 << bits, -1, dtype=np.int64)
        used = np.flatnonzero(counts)
        self._first_key[used] = self._keys[self._begin[used]]
        self._first_place[used] = self._places[self._begin[used]]

    def find(self, keys: Keys) -> Ints:
        """Return the place of each key, -1 where it is not in the list."""
        # the shift leaves a bit free at least: to read the numbers as signed changes none
        slot = (keys >> self._shift).view(np.int64)
        is_first = self._first_key[slot] == keys
        places: Ints = np.where(is_first, self._first_place[slot], -1)
        rows = np.flatnonzero(self._is_shared[slot] & ~is_first)
        at, end, wanted = self._begin[slot[rows]] + 1, self._begin[slot[rows] + 1], keys[rows]
        while len(rows):
            is_it = self._keys[at] == wanted
            places[rows[is_it]] = self._places[at[is_it]]
            at = at + 1
            more = ~is_it & (at < end)
            rows, at, end, wanted = rows[more], at[more], end[more], wanted[more]
        return places
