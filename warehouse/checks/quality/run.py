"""Runs the quality checks on a warehouse: each has passed, failed or is broken."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from warehouse.checks.quality import ranges
from warehouse.checks.quality.declarations import QUALITY_CHECKS, WARNING, Limits, QualityCheck
from warehouse.checks.quality.frames import Frames
from warehouse.checks.quality.judged import Judged
from warehouse.checks.result import DATA_DOCS, CheckResult, State
from warehouse.errors import FrameError

if TYPE_CHECKING:
    from warehouse.checks.data_docs import Context

SHOWN_ROWS = 20
"""How many failing rows a result holds."""
_NAMED_ROWS = 3
_ROW = "row"
_NOT_JUDGED = "not_judged"


Judge = Callable[[QualityCheck, pd.DataFrame, Sequence[Any], str], set[int]]
"""Says which rows of the frame of a check are not as expected: by a column of whole numbers from 0,
named last. Nulls are passed over. Raises a ``FrameError`` where the frame cannot be judged."""


def check_and_document(
    connection: duckdb.DuckDBPyConnection,
    now: datetime,
    limits: Limits,
    reports: Path,
    publication_id: str = "",
) -> list[CheckResult]:
    """Check a warehouse, see :func:`run_checks`, by Great Expectations, write the Data Docs below
    ``reports``, and note there that this publication was judged.
    """
    # to import Great Expectations takes four seconds of processor time
    from warehouse.checks.data_docs import Context
    from warehouse.checks.quality.expectations import Expectations

    context = Context(reports)
    try:
        results = run_checks(connection, now, limits, Expectations(context).find_failing)
        documented = _build_docs(context, results)
    finally:
        context.close()
    if not documented:
        Judged.of(publication_id, limits, now, results).write(reports)
    return results + documented


def check_again(
    connection: duckdb.DuckDBPyConnection,
    now: datetime,
    limits: Limits,
    reports: Path,
    publication_id: str,
) -> list[CheckResult]:
    """Check a publication that may have been judged before: all frames are read anew.

    Where Great Expectations judged it within the last week, by the same rules, and every check
    still says the same of the same rows, their ranges are looked at without it, and the Data Docs
    stay as they are. Else see :func:`check_and_document`.
    """
    before = Judged.read(reports)
    if before and before.is_of(publication_id, limits, now):
        results = run_checks(connection, now, limits, ranges.find_failing)
        if before.says_the_same(results):
            return results
    return check_and_document(connection, now, limits, reports, publication_id)


def run_checks(
    connection: duckdb.DuckDBPyConnection,
    now: datetime,
    limits: Limits,
    judge: Judge,
    quality_checks: Iterable[QualityCheck] = QUALITY_CHECKS,
) -> list[CheckResult]:
    """Check a warehouse at a moment (naive UTC).

    The connection may be read-only, and should not be in a transaction: a query that fails would
    abort it. What cannot be checked is ``broken``.
    """
    frames = Frames(connection, now, limits)
    return [_check(quality_check, frames, judge, limits) for quality_check in quality_checks]


def _check(
    quality_check: QualityCheck, frames: Frames, judge: Judge, limits: Limits
) -> CheckResult:
    try:
        frame, not_judged = _set_apart(quality_check, frames.read(quality_check))
        if frame.empty:
            return _result(quality_check, limits, "passed", not_judged or "nothing to judge yet")
        expectations = quality_check.expectations(limits)
        columns = list(dict.fromkeys(expectation.column for expectation in expectations))
        frame.insert(0, _ROW, range(len(frame)))
        failing = judge(quality_check, frame, expectations, _ROW)
        _refuse_unknown(quality_check, frame, columns)
        result = _read_failing(quality_check, limits, frame, columns, failing)
        if not_judged:
            return replace(result, observed=f"{result.observed}; {not_judged}")
        return result
    except FrameError as error:
        return _result(quality_check, limits, "broken", str(error))
    except Exception as error:
        # whatever else stops a check, it has not passed
        return _result(quality_check, limits, "broken", f"{type(error).__name__}: {error}")


def _set_apart(quality_check: QualityCheck, frame: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
    """Return the rows that can be judged, and a sentence about those that cannot."""
    if _NOT_JUDGED not in frame.columns:
        return frame, None
    unknown = frame[frame[_NOT_JUDGED].notna()]
    judged = frame[frame[_NOT_JUDGED].isna()].drop(columns=_NOT_JUDGED).reset_index(drop=True)
    if unknown.empty:
        return judged, None
    reasons = [_name_keys(quality_check, row) + row[_NOT_JUDGED] for _, row in unknown.iterrows()]
    return judged, f"cannot be judged: {'; '.join(reasons)}"


def _read_failing(
    quality_check: QualityCheck,
    limits: Limits,
    frame: pd.DataFrame,
    columns: list[str],
    failing: set[int],
) -> CheckResult:
    if not failing:
        observed = f"{_spread(frame, columns)} ({_count(len(frame), quality_check.row)})"
        return _result(quality_check, limits, "passed", observed)
    rows = frame.iloc[sorted(failing)].drop(columns=_ROW)
    return _result(quality_check, limits, "failed", _say_rows(quality_check, rows), rows)


def _refuse_unknown(quality_check: QualityCheck, frame: pd.DataFrame, columns: list[str]) -> None:
    """Raise where a value to be judged is null, which judges pass over."""
    for column in columns:
        unknown = frame[frame[column].isna()]
        if len(unknown):
            named = _name_keys(quality_check, unknown.iloc[0])
            raise FrameError(f"{named}{column} is unknown")


def _build_docs(context: "Context", results: list[CheckResult]) -> list[CheckResult]:
    try:
        context.build_docs([result.as_record() for result in results])
    except Exception as error:
        return [
            CheckResult(
                DATA_DOCS,
                "judgement",
                WARNING,
                "broken",
                "Data Docs for this run",
                f"{type(error).__name__}: {error}",
            )
        ]
    return []


def _result(
    quality_check: QualityCheck,
    limits: Limits,
    state: State,
    observed: str,
    rows: pd.DataFrame | None = None,
) -> CheckResult:
    return CheckResult(
        quality_check.check_id,
        "judgement",
        quality_check.severity,
        state,
        quality_check.expected.format_map(limits) if limits else quality_check.expected,
        observed,
        None if rows is None else rows.head(SHOWN_ROWS).to_json(orient="records"),
    )


def _say_rows(quality_check: QualityCheck, rows: pd.DataFrame) -> str:
    shown = rows.head(_NAMED_ROWS)
    said = "; ".join(_say_row(quality_check, row) for _, row in shown.iterrows())
    more = len(rows) - len(shown)
    return f"{said}; and {_count(more, quality_check.row)} more" if more else said


def _say_row(quality_check: QualityCheck, row: "pd.Series[Any]") -> str:
    """Return what a row is about and what was found: ``hf-daily: known up to ...``."""
    return _name_keys(quality_check, row) + quality_check.found.format_map(row)


def _name_keys(quality_check: QualityCheck, row: "pd.Series[Any]") -> str:
    keys = " ".join(str(row[key]) for key in quality_check.keys if pd.notna(row[key]))
    return f"{keys}: " if keys else ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _spread(frame: pd.DataFrame, columns: list[str]) -> str:
    spreads = []
    for column in columns:
        lowest, highest = _plain(frame[column].min()), _plain(frame[column].max())
        value = lowest if lowest == highest else f"{lowest} to {highest}"
        spreads.append(f"{column} {value}")
    return ", ".join(spreads)


def _plain(value: Any) -> str:
    return json.dumps(value.item() if hasattr(value, "item") else value)
