"""Tables of papers: CSV, Parquet, JSON lines or JSON, with columns that a feed declares.

A feed declares its tables under ``[feed.table]`` in feeds.toml::

    [feed.table]
    separator = ";"              # between names and keywords; else ";", or "," and "and"
    decimal = ","                # of numbers: 1,5 and, with thousands, 1.204,5
    thousands = "."
    delimiter = "\\t"             # of a CSV; else , tab ; or |, whichever fits the header
    rows = "data.papers"         # where a JSON document keeps its rows; else found
    date_format = "%d/%m/%Y"     # of dates that are not ISO 8601 or RFC 822

    [feed.table.columns]         # field of an entry = column, or columns: the first filled one
    source_id = ["arXiv", "Link"]
    title = "Paper title"
    votes = "Upvotes"
"""

from datetime import UTC, datetime
from typing import Any

from transforms.parse.entry import Context, Entry, Misfit, Parsed
from transforms.parse.formats.base import Format, Found
from transforms.parse.readers.arxiv_ids import bare_link, is_elsewhere
from transforms.parse.readers.day_lists import state_listed_days
from transforms.parse.readers.field_values import read_time, says_withdrawn
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.json_lines import Broken
from transforms.parse.readers.limits import bounded
from transforms.parse.readers.list_days import state_days
from transforms.parse.readers.tables import (
    COUNTS,
    TEXTS,
    TIMES,
    Declared,
    Row,
    Table,
    has_column,
    read_table,
    value_of,
)


def parse(table: Table, context: Context) -> Parsed:
    """Read one table. ``captured_at`` counts where all rows agree in it; ``feed_date`` is
    that of the list where they do, else each row is of its own day.
    """
    columns = table.declared.columns
    parsed = Parsed(envelope_error=table.error, is_cut=table.is_cut)
    shown: set[str] = set()
    for position, row in enumerate(bounded(table.rows, parsed)):
        if isinstance(row, dict):
            parsed.payloads.append(row)
            shown.update(row)
            read = Reader(position, parsed.misfits, context.link_hosts)
            parsed.entries.append(_entry(row, table.declared, read))
            continue
        broken = row if isinstance(row, Broken) else None
        reason = broken.reason if broken else f"the row is {type(row).__name__}, no object"
        parsed.payloads.append(broken.text if broken else row)
        value = (broken.text if broken else repr(row))[:200]
        parsed.misfits.append(Misfit(position, "entry", "shape", reason[:200], value))
        parsed.entries.append(Entry(position))
    _state(parsed, table)
    mapped = {name.partition(".")[0] for names in columns.values() for name in names}
    parsed.unknown_fields.update(shown - mapped - {n for names in columns.values() for n in names})
    if shown:
        missing = [names[0] for names in columns.values() if not has_column(names, shown)]
        parsed.vanished_fields = missing
    return parsed


def _entry(row: Row, declared: Declared, read: Reader) -> Entry:
    def shown(field: str) -> Any:
        return value_of(row, declared.columns.get(field, ()))

    values: dict[str, Any] = {field: read.text(field, shown(field)) for field in TEXTS}
    values |= {
        field: read.time(field, shown(field), declared.plain_time)
        for field in TIMES
        if field != "withdrawn_at"
    }
    values |= {field: read.count(field, shown(field), declared.plain_number) for field in COUNTS}
    is_withdrawn = says_withdrawn(shown("withdrawn_at"))
    if is_withdrawn is None:
        values["withdrawn_at"] = read.time(
            "withdrawn_at", shown("withdrawn_at"), declared.plain_time
        )
    return Entry(
        read.position,
        **values,
        is_withdrawn=None if is_withdrawn is False else True,
        source_id=_identifier(read, row, declared),
        published_date=read.day("published_date", shown("published_date"), declared.plain_time),
        authors=read.names("authors", shown("authors"), declared.separator),
        keywords=read.texts("keywords", shown("keywords"), declared.separator),
        categories=read.categories("categories", shown("categories")),
    )


def _identifier(read: Reader, row: Row, declared: Declared) -> str | None:
    """Return the id that the columns agree in; a link to elsewhere is noted, and is none."""
    values = [value_of(row, (name,)) for name in declared.columns.get("source_id", ())]
    texts = [bare_link(text) for value in values if (text := read.text("source_id", value))]
    noted = len(read.misfits)
    found = read.identifier(texts)
    if found or len(read.misfits) > noted or not texts:
        return found
    if all(map(is_elsewhere, texts)):
        reason = "the link leads elsewhere than to arXiv"
        read.misfits.append(Misfit(read.position, "link", "not_arxiv", reason, texts[0][:200]))
        return None
    return next(text for text in texts if not is_elsewhere(text))


def _state(parsed: Parsed, table: Table) -> None:
    """Note the day of the list, or of each row, and the time of the capture where all agree."""
    rows = [row if isinstance(row, dict) else {} for row in table.rows[: len(parsed.entries)]]
    declared = table.declared
    if "feed_date" in declared.columns:
        _state_days(parsed, rows, declared)
    if table.dated:
        state_listed_days(table.dated, parsed)
    if "captured_at" in declared.columns:
        times = {_instant(_shown(row, "captured_at", declared)) for row in rows}
        instant = times.pop() if len(times) == 1 else None
        if instant:
            parsed.captured_at = instant.astimezone(UTC).replace(tzinfo=None)


def _state_days(parsed: Parsed, rows: list[Row], declared: Declared) -> None:
    texts = [_shown(row, "feed_date", declared) for row in rows]
    day_of = {
        text: instant and instant.date() for text in set(texts) for instant in [_instant(text)]
    }
    days = [day_of[text] for text in texts]
    agreed = {day for day, row in zip(days, rows, strict=True) if row}
    if len(agreed) == 1:
        # a broken row states nothing, and does not disagree
        days = [next(iter(agreed))] * len(rows)
    state_days(days, parsed, texts)
    field = "stated_date" if parsed.days else "feed_date"
    for position, text in enumerate(texts):
        if text and day_of[text] is None:
            reason = f"{field} is {text[:60]!r}, no date in ISO 8601 or the declared format"
            parsed.misfits.append(Misfit(position, field, "not_a_date", reason, text[:200]))


def _shown(row: Row, field: str, declared: Declared) -> str | None:
    value = value_of(row, declared.columns[field])
    text = Reader(0, []).time_text(field, value, declared.plain_time)
    # what is no text, such as a number, is no day, and is told as such
    return repr(value) if text is None and value is not None else text


def _instant(text: str | None) -> datetime | None:
    return read_time(text) if text else None


def _find(body: bytes, declared: Declared) -> Found[Table] | None:
    table = read_table(body, declared)
    return Found(table) if table else None


FORMAT = Format(
    name="table",
    parser_version="table/7",
    feed_id="",
    parse=parse,
    from_table=_find,
)
