"""Frames judged by Great Expectations, in a context that can document it."""

from collections.abc import Sequence
from typing import Any

import great_expectations.expectations as gxe
import pandas as pd

from warehouse.checks.data_docs import Context
from warehouse.checks.quality.declarations import QualityCheck, Range
from warehouse.errors import FrameError


class Expectations:
    """Judges ranges, and whatever else Great Expectations can expect of a column."""

    def __init__(self, context: Context) -> None:
        """Take the context whose Data Docs will tell of it."""
        self._context = context

    def find_failing(
        self,
        quality_check: QualityCheck,
        frame: pd.DataFrame,
        expectations: Sequence[Any],
        number: str,
    ) -> set[int]:
        """See ``Judge``."""
        validation = self._context.validate(
            quality_check.check_id,
            frame,
            [_expect(one) for one in expectations],
            (number, *quality_check.keys),
        )
        for result in validation.results:
            message = _exception(result.exception_info)
            if message:
                # which Great Expectations calls a failure
                raise FrameError(message)
        if len(validation.results) == 0:
            raise FrameError("Great Expectations returned no result")
        failing: set[int] = set()
        for result in validation.results:
            if not result.success:
                named = result.result.get("unexpected_index_list")
                failing |= {int(row[number]) for row in named} if named else set(range(len(frame)))
        return failing


def _expect(expectation: Any) -> Any:
    if not isinstance(expectation, Range):
        return expectation
    return gxe.ExpectColumnValuesToBeBetween(
        column=expectation.column, min_value=expectation.lowest, max_value=expectation.highest
    )


def _exception(info: Any) -> str | None:
    """Return the message of an exception: the one of the result, or of one of its metrics."""
    if not isinstance(info, dict):
        return None
    if "raised_exception" in info:
        return str(info.get("exception_message")) if info["raised_exception"] else None
    messages = (_exception(metric) for metric in info.values())
    return next((message for message in messages if message), None)
