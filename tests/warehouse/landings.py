"""Records of landings, as tests write them."""

from datetime import date, datetime
from typing import Any

import polars as pl

from warehouse.landing_records import CAPTURE, DECISION

AT = datetime(2025, 6, 2, 12)  # noqa: DTZ001 - naive UTC, as everywhere


def looks(*names: str, body: bytes = b"[]") -> pl.DataFrame:
    """Return the rows of so many captures."""
    return pl.DataFrame([look(name, body) for name in names], schema=CAPTURE, orient="row")


def look(name: str, body: bytes) -> dict[str, Any]:
    return {
        **dict.fromkeys(CAPTURE.names()),
        "capture_id": name,
        "feed_id": "hf-daily",
        "kind": "daily_list",
        "feed_date": date(2025, 6, 2),
        "captured_at": AT,
        "format": "hf_api",
        "blob_id": "blob",
        "bytes": len(body),
        "body": body,
    }


def decisions(*rows: tuple[str, str, str, datetime]) -> pl.DataFrame:
    full = [(name, kind, None, reason, "us", when) for name, kind, reason, when in rows]
    return pl.DataFrame(full, schema=DECISION, orient="row")
