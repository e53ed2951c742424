"""The description of an export as a Frictionless Data Package (specs.frictionlessdata.io, v1)."""

import re
from collections.abc import Sequence
from typing import Any, Final

from flows.out.export_values import Export, Exported
from warehouse.exports import Column

_TYPES: Final = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "DOUBLE": "number",
    "FLOAT": "number",
}
_INTEGER = re.compile(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$")
_MEDIA_TYPES: Final = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def describe_package(export: Export) -> dict[str, Any]:
    """Return the contents of datapackage.json."""
    source = export.source
    package: dict[str, Any] = {
        "profile": "tabular-data-package" if export.form == "csv" else "data-package",
        "name": "paperstrata-export",
        "title": "Papers, topics and trends, as paperstrata published them",
        "resources": [_resource(export.form, one) for one in export.tables],
    }
    if source.published_at is not None:
        package |= {
            "id": source.publication_id,
            "created": f"{source.published_at.isoformat(timespec='seconds')}Z",
        }
    return package


def _resource(form: str, exported: Exported) -> dict[str, Any]:
    table = exported.table
    resource: dict[str, Any] = {
        # of tables that are no text the specification knows none
        "profile": "tabular-data-resource" if form == "csv" else "data-resource",
        "name": table.name.replace("_", "-"),
        "title": table.name,
        "description": table.meaning,
        "path": exported.file,
        "format": form,
        "mediatype": _MEDIA_TYPES[form],
        "bytes": exported.bytes,
        "hash": f"sha256:{exported.sha256}",
        "schema": {"fields": _fields(table.columns), "missingValues": [""]},
    }
    return resource | ({"encoding": "utf-8"} if form == "csv" else {})


def _fields(columns: Sequence[Column]) -> list[dict[str, str]]:
    return [
        {"name": column.name, "type": _type(column), "description": column.meaning or ""}
        for column in columns
    ]


def _type(column: Column) -> str:
    if column.is_nested:
        return "array" if column.type.endswith("[]") else "object"
    if _INTEGER.fullmatch(column.type):
        return "integer"
    return _TYPES.get(column.type, "number" if column.type.startswith("DECIMAL") else "any")
