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

from datetime import date, datetime
from typing import Any

from transforms.parse.entry import Context, Entry, Misfit, Parsed, Reader
from transforms.parse.formats.base import Format, Found
from transforms.parse.readers.arxiv_ids import agreed_id, categories, is_elsewhere
from transforms.parse.readers.field_values import iso_date, iso_time, read_count, read_time
from transforms.parse.readers.json_lines import Broken
from transforms.parse.readers.limits import bounded
from transforms.parse.readers.names import forename_first, says_more, split_names
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
from transforms.years import PLAUSIBLE_YEARS


def parse(table: Table, context: Context) -> Parsed:  # noqa: ARG001 - the signature of every parser
    """Read one table. ``captured_at`` counts where all rows agree in it; ``feed_date`` is
    that of the list where they do, else each row is of its own day.
    """
    columns = table.declared.columns
    parsed = Parsed()
    shown: set[str] = set()
    for position, row in enumerate(bounded(table.rows, parsed)):
        if isinstance(row, dict):
            parsed.payloads.append(row)
            shown.update(row)
            parsed.entries.append(_entry(row, table.declared, Reader(position, parsed.misfits)))
            continue
        broken = row if isinstance(row, Broken) else None
        reason = broken.reason if broken else f"the row is {type(row).__name__}, no object"
        parsed.payloads.append(broken.text if broken else row)
        value = (broken.text if broken else repr(row))[:200]
        parsed.misfits.append(Misfit(position, "entry", "shape", reason[:200], value))
        parsed.entries.append(Entry(position))
    _state_time(parsed, table)
    _state_days(parsed, table)
    mapped = {name.partition(".")[0] for names in columns.values() for name in names}
    parsed.unknown_fields.update(shown - mapped - {n for names in columns.values() for n in names})
    if shown:
        missing = [names[0] for names in columns.values() if not has_column(names, shown)]
        parsed.vanished_fields = missing
    return parsed


def _entry(row: Row, declared: Declared, read: Reader) -> Entry:
    def shown(field: str) -> Any:
        return value_of(row, declared.columns.get(field, ()))

    def time(field: str) -> str | None:
        return _time_text(read, field, shown(field), declared)

    values: dict[str, Any] = {field: read.text(field, shown(field)) for field in TEXTS}
    values |= {field: iso_time(time(field)) for field in TIMES}
    values |= {
        field: read.count(field, shown(field), lambda text: read_count(declared.plain_number(text)))
        for field in COUNTS
    }
    return Entry(
        read.position,
        **values,
        is_withdrawn=True if values["withdrawn_at"] else None,
        source_id=_identifier(read, row, declared),
        published_date=iso_date(time("published_date")),
        authors=_names(read, "authors", shown("authors"), declared),
        keywords=_names(read, "keywords", shown("keywords"), declared),
        categories=_categories(read, shown("categories")),
    )


def _identifier(read: Reader, row: Row, declared: Declared) -> str | None:
    """Return the id that the columns agree in; a link to elsewhere is noted, and is none."""
    values = [value_of(row, (name,)) for name in declared.columns.get("source_id", ())]
    texts = [text for value in values if (text := read.text("source_id", value))]
    noted = len(read.misfits)
    found = agreed_id(read.position, texts, read.misfits)
    if found or len(read.misfits) > noted or not texts:
        return found
    if all(map(is_elsewhere, texts)):
        reason = "the link leads elsewhere than to arXiv"
        read.misfits.append(Misfit(read.position, "link", "not_arxiv", reason, texts[0][:200]))
        return None
    return next(text for text in texts if not is_elsewhere(text))


def _time_text(read: Reader, field: str, value: Any, declared: Declared) -> str | None:
    """Return a date or time as ISO 8601 where the declared format reads it, else as it stands."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = read.text(field, value)
    if text is None or declared.date_format is None:
        return text
    try:
        return datetime.strptime(text.strip(), declared.date_format).isoformat()  # noqa: DTZ007 - UTC
    except ValueError:
        return text


def _names(read: Reader, field: str, value: Any, declared: Declared) -> list[str] | None:
    if isinstance(value, str) and field == "authors" and says_more(value):
        reason = "the list of authors says that it is not whole"
        read.misfits.append(Misfit(read.position, field, "incomplete", reason, value[:200]))
        return None
    if isinstance(value, str):
        names = split_names(value, declared.separator)
        # where commas do not part the names, they part surname and forename
        is_turned = field == "authors" and (declared.separator or ";" in value)
        return [forename_first(name) if is_turned else name for name in names] or None
    if isinstance(value, list):
        value = [item.get("name") if isinstance(item, dict) else item for item in value]
    return read.texts(field, value)


def _categories(read: Reader, value: Any) -> list[str] | None:
    if not isinstance(value, str):
        return read.texts("categories", value)
    return (split_names(value) if value.startswith("[") else categories(value)) or None


def _state_time(parsed: Parsed, table: Table) -> None:
    """Note the time of the capture, where all rows agree in it."""
    names = table.declared.columns.get("captured_at")
    if not names:
        return
    values = {str(value_of(row, names) or "") for row in table.rows if isinstance(row, dict)}
    instant = _instant("captured_at", values.pop(), table.declared) if len(values) == 1 else None
    if instant:
        in_utc = datetime.fromisoformat(iso_time(instant.isoformat()) or "")
        parsed.captured_at = in_utc.replace(tzinfo=None)


def _state_days(parsed: Parsed, table: Table) -> None:
    """Note the date of the list, where all rows agree in it, else the day of each row."""
    names = table.declared.columns.get("feed_date")
    if not names:
        return
    texts = [str(value_of(row, names) or "") for row in table.rows if isinstance(row, dict)]
    day_of = {text: _day(text, table.declared) for text in set(texts)}
    days = sorted({day for day in day_of.values() if day})
    if len(days) == 1 and all(day_of.values()):
        parsed.feed_date = days[0]
        return
    parsed.stated_days = tuple(days)
    if not days:
        return
    for position, row in enumerate(table.rows[: len(parsed.entries)]):
        if isinstance(row, dict):
            text = str(value_of(row, names) or "")
            day = day_of[text]
            shown = day.isoformat() if day else text or None
            parsed.entries[position] = parsed.entries[position]._replace(stated_date=shown)


def _day(text: str, declared: Declared) -> date | None:
    instant = _instant("feed_date", text, declared)
    return instant.date() if instant and instant.year in PLAUSIBLE_YEARS else None


def _instant(field: str, text: str, declared: Declared) -> datetime | None:
    return read_time(_time_text(Reader(0, []), field, text, declared))


def _find(body: bytes, declared: Declared) -> Found[Table] | None:
    table = read_table(body, declared)
    return Found(table) if table else None


FORMAT = Format(
    name="table",
    parser_version="table/4",
    feed_id="",
    parse=parse,
    from_table=_find,
)
