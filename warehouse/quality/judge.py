"""Judges a warehouse: every check of ``judgements``, each passed, failed or broken."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from warehouse.quality.docs import Context
from warehouse.quality.frames import FrameError, Frames
from warehouse.quality.judgements import JUDGEMENTS, WARNING, Judgement, Limits

SHOWN_ROWS = 20
"""How many failing rows a result holds."""
_NAMED_ROWS = 3

Result = dict[str, Any]


def judge(
    connection: duckdb.DuckDBPyConnection,
    now: datetime,
    limits: Limits,
    reports: Path,
    judgements: Iterable[Judgement] = JUDGEMENTS,
) -> list[Result]:
    """Judge a warehouse at a moment (naive UTC) and write the Data Docs below ``reports``.

    The connection may be read-only, and should not be in a transaction: a query that fails would
    abort it. What cannot be judged is ``broken``.
    """
    frames = Frames(connection, now, limits)
    context = Context(reports)
    try:
        results = [_judge(judgement, frames, context, limits) for judgement in judgements]
        return results + _build_docs(context)
    finally:
        context.close()


def judge_nothing(reason: str) -> list[Result]:
    """Return every check as broken, for a warehouse that cannot be asked."""
    return [_verdict(judgement, {}, "broken", reason) for judgement in JUDGEMENTS]


def _judge(judgement: Judgement, frames: Frames, context: Context, limits: Limits) -> Result:
    try:
        frame = frames.read(judgement)
        if frame.empty:
            return _verdict(judgement, limits, "passed", "nothing to judge yet")
        expectations = judgement.expectations(limits)
        columns = list(dict.fromkeys(expectation.column for expectation in expectations))
        validation = context.validate(judgement.check_id, frame, expectations)
        return _read_validation(judgement, limits, frame, columns, validation)
    except FrameError as error:
        return _verdict(judgement, limits, "broken", str(error))
    except Exception as error:
        # whatever else stops a check, it has not passed
        return _verdict(judgement, limits, "broken", f"{type(error).__name__}: {error}")


def _read_validation(
    judgement: Judgement, limits: Limits, frame: pd.DataFrame, columns: list[str], validation: Any
) -> Result:
    problem = _find_problem(frame, columns, validation)
    if problem:
        return _verdict(judgement, limits, "broken", problem)
    failing: set[int] = set()
    for result in validation.results:
        if not result.success:
            indices = result.result.get("unexpected_index_list")
            failing |= set(range(len(frame)) if indices is None else map(int, indices))
    if not failing:
        observed = f"{len(frame)} {judgement.rows}, {_spread(frame, columns)}"
        return _verdict(judgement, limits, "passed", observed)
    rows = frame.iloc[sorted(failing)]
    return _verdict(judgement, limits, "failed", _name_rows(judgement, rows, columns), rows)


def _find_problem(frame: pd.DataFrame, columns: list[str], validation: Any) -> str | None:
    """Return why a frame could not be judged: Great Expectations calls errors failures, and passes
    over nulls.
    """
    for result in validation.results:
        message = _exception(result.exception_info)
        if message:
            return message
    if len(validation.results) == 0:
        return "Great Expectations returned no result"
    for column in columns:
        unknown = frame[frame[column].isna()]
        if len(unknown):
            return f"{column} is unknown: {_row_name(unknown.iloc[0], [column])}"
    return None


def _exception(info: Any) -> str | None:
    """Return the message of an exception: the one of the result, or of one of its metrics."""
    if not isinstance(info, dict):
        return None
    if "raised_exception" in info:
        return str(info.get("exception_message")) if info["raised_exception"] else None
    messages = (_exception(metric) for metric in info.values())
    return next((message for message in messages if message), None)


def _build_docs(context: Context) -> list[Result]:
    try:
        context.build_docs()
    except Exception as error:
        return [
            {
                "check_id": "data_docs_are_written",
                "layer": "judgement",
                "severity": WARNING,
                "state": "broken",
                "expected": "Data Docs for this run",
                "observed": f"{type(error).__name__}: {error}",
                "failing_rows": None,
            }
        ]
    return []


def _verdict(
    judgement: Judgement,
    limits: Limits,
    state: str,
    observed: str,
    rows: pd.DataFrame | None = None,
) -> Result:
    return {
        "check_id": judgement.check_id,
        "layer": "judgement",
        "severity": judgement.severity,
        "state": state,
        "expected": judgement.expected.format_map(limits) if limits else judgement.expected,
        "observed": observed,
        "failing_rows": None if rows is None else rows.head(SHOWN_ROWS).to_json(orient="records"),
    }


def _name_rows(judgement: Judgement, rows: pd.DataFrame, columns: list[str]) -> str:
    named = "; ".join(_row_name(row, columns) for _, row in rows.head(_NAMED_ROWS).iterrows())
    more = len(rows) - _NAMED_ROWS
    return f"{named}; {more} more {judgement.rows}" if more > 0 else named


def _row_name(row: "pd.Series[Any]", columns: list[str]) -> str:
    """Return what a row is about and what was judged: ``hf-daily 2026-05-01: deviation -6.1``."""
    keys = [str(row[name]) for name in row.index[:2] if name not in columns and pd.notna(row[name])]
    values = ", ".join(f"{column} {_plain(row[column])}" for column in columns)
    return f"{' '.join(keys)}: {values}" if keys else values


def _spread(frame: pd.DataFrame, columns: list[str]) -> str:
    spreads = []
    for column in columns:
        lowest, highest = _plain(frame[column].min()), _plain(frame[column].max())
        value = lowest if lowest == highest else f"{lowest} to {highest}"
        spreads.append(f"{column} {value}")
    return ", ".join(spreads)


def _plain(value: Any) -> str:
    return json.dumps(value.item() if hasattr(value, "item") else value)
