"""An export, as values: which tables were written, of which publication."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from warehouse.exports import Source, Table

Form = Literal["parquet", "csv"]
KIND: Final = "an export of paperstrata"
VERSION: Final = 1
"""Of the manifest."""


@dataclass(frozen=True)
class Exported:
    """One table as it was written."""

    table: Table
    file: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Export:
    """Everything that one export wrote; ``first`` and ``last`` are its dates, null for all."""

    source: Source
    form: Form
    first: date | None
    last: date | None
    keeps_formulas: bool
    tables: tuple[Exported, ...]

    def as_manifest(self) -> dict[str, Any]:
        """Return the contents of manifest.json."""
        is_cut = self.first is not None or self.last is not None
        source = self.source
        return {
            "kind": KIND,
            "version": VERSION,
            "publication_id": source.publication_id,
            "published_at": source.published_at,
            "newest_captured_at": source.newest_captured_at,
            "as_of": source.is_as_of,
            "digest": source.digest,
            "schema_version": source.schema_version,
            "taxonomy_version": source.taxonomy_version,
            "format": self.form,
            "from": self.first,
            "to": self.last,
            "formulas": "kept" if self.keeps_formulas or self.form != "csv" else "escaped by '",
            "tables": [
                {
                    "name": one.table.name,
                    "file": one.file,
                    "rows": one.rows,
                    "bytes": one.bytes,
                    "sha256": one.sha256,
                    "cut_by": one.table.cut if is_cut else None,
                }
                for one in self.tables
            ],
        }
