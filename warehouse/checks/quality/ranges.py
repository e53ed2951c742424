"""Ranges judged without Great Expectations: what is outside of them fails."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from warehouse.checks.quality.declarations import QualityCheck, Range
from warehouse.errors import FrameError


def find_failing(
    quality_check: QualityCheck, frame: pd.DataFrame, expectations: Sequence[Any], number: str
) -> set[int]:
    """Judge as Great Expectations does, which a test shows: a ``Judge`` that documents nothing."""
    failing: set[int] = set()
    for expected in expectations:
        if not isinstance(expected, Range):
            raise FrameError(f"{quality_check.check_id} expects more than ranges")
        values = frame[expected.column]
        is_outside = pd.Series(False, index=frame.index)
        if expected.lowest is not None:
            is_outside |= values < expected.lowest
        if expected.highest is not None:
            is_outside |= values > expected.highest
        failing |= set(frame[number][is_outside].tolist())
    return failing
