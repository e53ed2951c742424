"""Keys are found where they are in the list, however many share a slot."""

import numpy as np

from transforms.topics.lookup import Lookup, mix


def test_keys_that_share_a_slot_are_told_apart():
    rising = np.arange(300, dtype=np.uint64)
    last_slot = ~rising[:150]
    keys = np.concatenate([rising[150:], last_slot, mix(rising + np.uint64(1))])
    unknown = np.concatenate([rising[:150], ~rising[150:], mix(rising + np.uint64(1000))])
    lookup = Lookup(keys)
    assert lookup.find(keys[::-1]).tolist() == list(range(len(keys)))[::-1]
    assert set(lookup.find(unknown).tolist()) == {-1}


def test_nothing_is_found_in_an_empty_list():
    keys = np.array([0, 1, 1 << 63, 2**64 - 1], dtype=np.uint64)
    assert Lookup(keys[:0]).find(keys).tolist() == [-1] * 4
    assert len(Lookup(keys).find(keys[:0])) == 0
