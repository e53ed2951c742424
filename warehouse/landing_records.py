"""The records of the landing: the columns of each kind of pack."""

import polars as pl

_TIMESTAMP = pl.Datetime("us")

CAPTURE = pl.Schema(
    {
        "capture_id": pl.String(),
        "feed_id": pl.String(),
        "kind": pl.String(),
        "feed_date": pl.Date(),
        "captured_at": _TIMESTAMP,
        "captured_at_source": pl.String(),
        "captured_after": pl.Date(),
        "page": pl.String(),
        "query": pl.String(),
        "look_id": pl.String(),
        "page_limit": pl.Int32(),
        "has_next": pl.Boolean(),
        "format": pl.String(),
        "blob_id": pl.String(),
        "bytes": pl.Int64(),
        "body": pl.Binary(),
    }
)
ORIGIN = pl.Schema(
    {"capture_id": pl.String(), "origin": pl.String(), "path": pl.String(), "seen_at": _TIMESTAMP}
)
REFUSED = pl.Schema(
    {
        "path": pl.String(),
        "bytes": pl.Int64(),
        "blob_id": pl.String(),
        "reason": pl.String(),
        "seen_at": _TIMESTAMP,
    }
)
FAILED = pl.Schema(
    {
        "feed_id": pl.String(),
        "feed_date": pl.Date(),
        "failed_at": _TIMESTAMP,
        "address": pl.String(),
        "reason": pl.String(),
    }
)
DECISION = pl.Schema(
    {
        "capture_id": pl.String(),
        "decision": pl.String(),
        "feed_date": pl.Date(),
        "reason": pl.String(),
        "decided_by": pl.String(),
        "decided_at": _TIMESTAMP,
    }
)
ERASURE = pl.Schema(
    {
        "place": pl.String(),
        "capture_id": pl.String(),
        "blob_id": pl.String(),
        "erased_blob_id": pl.String(),
        "occurrences": pl.Int32(),
        "reason": pl.String(),
        "decided_by": pl.String(),
        "erased_at": _TIMESTAMP,
        "pack": pl.String(),
        "replaced_by": pl.String(),
    }
)
"""One look, pack or file out of which names were erased; ``pack`` is the name of the pack that is
no more, ``replaced_by`` of the one in its place. Which names, nothing says."""
COMPACTION = pl.Schema(
    {
        "place": pl.String(),
        "pack": pl.String(),
        "replaced_by": pl.String(),
        "compacted_at": _TIMESTAMP,
    }
)
"""One pack of which the records are in another one now, with those of others of its kind."""
SCHEMAS = {
    "looks": CAPTURE,
    "origins": ORIGIN,
    "refused": REFUSED,
    "failed": FAILED,
    "decisions": DECISION,
    "erasures": ERASURE,
    "compactions": COMPACTION,
}
KINDS = tuple(SCHEMAS)
"""The kinds of records, each in a folder of its own."""
