"""Exports: every mart as a file, with a manifest and a description, in a folder that is whole.

No clock and no path of the machine goes into it: the same publication gives the same bytes.
"""

import json
import os
import shutil
from collections.abc import Mapping
from datetime import date
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flows.out.data_package import describe_package
from flows.out.export_values import KIND, Export, Exported, Form
from flows.out.formulas import escape_formulas
from flows.out.parquet import write_parquet
from flows.report import FlowError
from warehouse.exports import Table, list_tables, read_source, stream_table
from warehouse.files import sync_file, sync_folder

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MANIFEST: Final = "manifest.json"
PACKAGE: Final = "datapackage.json"
_INSTANT = "%Y-%m-%dT%H:%M:%S%.fZ"


class ExportError(FlowError):
    """The folder cannot be written, or holds what no export wrote; the message says which."""


def refuse_folder(folder: Path, *, is_forced: bool) -> None:
    """Refuse a folder that holds anything but an earlier export.

    With ``is_forced`` it may hold other files, but no folders: no export makes any.

    Raises:
        ExportError: with what is there, and what to do.
    """
    if not folder.parent.is_dir():
        raise ExportError(f"--output {folder}: there is no folder {folder.parent}")
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ExportError(f"--output {folder} is a file: name a folder")
    there = sorted(folder.iterdir())
    others = [path.name for path in there if path.name not in _written_by_us(folder)]
    if not others:
        return
    shown = ", ".join(others[:3]) + (", ..." if len(others) > 3 else "")
    if not is_forced:
        raise ExportError(
            f"--output {folder} holds what no export wrote ({shown}): choose another folder, or"
            " give --force"
        )
    if any(path.is_dir() and not path.is_symlink() for path in there):
        raise ExportError(f"--output {folder} holds folders: --force does not remove those")


def write_export(
    connection: "duckdb.DuckDBPyConnection",
    folder: Path,
    form: Form,
    first: date | None,
    last: date | None,
    *,
    keeps_formulas: bool = False,
    is_forced: bool = False,
) -> Export:
    """Write every table to a new folder, and put that in the place of the one that is there.

    Raises:
        ExportError: it cannot be written, or others have put files there meanwhile; what was there
            before is as it was.
    """
    beside = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    try:
        beside.mkdir()
        source = read_source(connection)
        tables = [
            _write_table(
                beside,
                table,
                form,
                stream_table(connection, table, first, last, is_flat=form == "csv"),
                keeps_formulas=keeps_formulas,
            )
            for table in list_tables(connection)
        ]
        export = Export(source, form, first, last, keeps_formulas, tuple(tables))
        _write_json(beside / PACKAGE, describe_package(export))
        _write_json(beside / MANIFEST, export.as_manifest())
        sync_folder(beside)
        refuse_folder(folder, is_forced=is_forced)
        _replace(folder, beside)
    except OSError as error:
        raise ExportError(f"--output {folder}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return export


def _write_table(
    folder: Path,
    table: Table,
    form: Form,
    batches: "pa.RecordBatchReader",
    *,
    keeps_formulas: bool,
) -> Exported:
    path = folder / f"{table.name}.{form}"
    if form == "parquet":
        rows = write_parquet(path, batches)
    else:
        rows = _write_csv(path, batches, keeps_formulas=keeps_formulas)
    sync_file(path)
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return Exported(table, path.name, rows, path.stat().st_size, digest)


def _write_csv(path: Path, batches: "pa.RecordBatchReader", *, keeps_formulas: bool) -> int:
    """Write batches of rows below one heading, and return how many rows they have."""
    import polars as pl

    rows = 0
    with path.open("wb") as file:
        pl.DataFrame(batches.schema.empty_table()).write_csv(file)
        for batch in batches:
            read = pl.DataFrame(batch)
            safe = read if keeps_formulas else escape_formulas(read)
            safe.write_csv(file, include_header=False, datetime_format=_INSTANT)
            rows += read.height
    return rows


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, indent=1, default=_as_text, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")
    sync_file(path)


def _as_text(value: Any) -> str:
    return f"{value.isoformat()}Z" if hasattr(value, "hour") else str(value)


def _replace(folder: Path, beside: Path) -> None:
    """Put a whole folder in the place of another, which is back if that fails."""
    if not folder.exists():
        beside.rename(folder)
    else:
        old = beside.with_suffix(".old")
        folder.rename(old)
        try:
            beside.rename(folder)
        except OSError:
            old.rename(folder)
            raise
        shutil.rmtree(old)
    sync_folder(folder.parent)


def _written_by_us(folder: Path) -> set[str]:
    """Return the names of the files that the manifest of a folder tells of."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["kind"] != KIND:
            return set()
        return {MANIFEST, PACKAGE, *(table["file"] for table in manifest["tables"])}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
