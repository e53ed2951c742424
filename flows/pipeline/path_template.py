"""Facts from the end of a path: ``--layout '{origin}/{feed_date}/{captured_at}.json'``."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePath

from flows.pipeline.files import shown_path
from flows.report import PathTemplateError

FIELDS = ("origin", "feed", "feed_date", "captured_at", "page", "query", "_")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_ANYTHING = re.compile(r"(?:\{_\}){2,}")
_COMPACT_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(Z|[+-]\d{4})?")


@dataclass(frozen=True)
class PathFacts:
    """What a path says of a capture; None where it says nothing."""

    origin: str | None = None
    feed_id: str | None = None
    feed_date: date | None = None
    captured_at: datetime | None = None
    page: str | None = None
    query: str | None = None


class PathTemplate:
    """A template of the end of a path; ``{_}`` matches anything within one folder's name."""

    def __init__(self, template: str) -> None:
        """Compile a template.

        Raises:
            LayoutError: it names an unknown field, or one twice.
        """
        names = [name for name in _PLACEHOLDER.findall(template) if name != "_"]
        for name in names:
            if name not in FIELDS:
                known = ", ".join(FIELDS)
                raise PathTemplateError(f"layout: no field {name!r}; there are {known}")
            if names.count(name) > 1:
                raise PathTemplateError(f"layout: the field {name!r} stands twice")
        self.template = template
        # of several in a row each way to share the name would be tried
        pieces = _PLACEHOLDER.split(_ANYTHING.sub("{_}", template.strip("/")))
        if len(pieces) == 1 or any(set(piece) & set("{}") for piece in pieces[::2]):
            known = " ".join(f"{{{field}}}" for field in FIELDS)
            raise PathTemplateError(f"layout: {template!r} is no template of these: {known}")
        pattern = "".join(
            re.escape(piece) if number % 2 == 0 else _group(piece)
            for number, piece in enumerate(pieces)
        )
        self._pattern = re.compile(rf"(?:^|/){pattern}$", re.DOTALL)

    def read(self, path: PurePath) -> PathFacts:
        """Return what the end of a path says: nothing where it does not fit.

        Bytes of a name that are no UTF-8 are escapes here, for no text can hold them.

        Raises:
            LayoutError: a date in it is none.
        """
        match = self._pattern.search(shown_path(path))
        if not match:
            return PathFacts()
        found = match.groupdict()
        return PathFacts(
            origin=found.get("origin"),
            feed_id=found.get("feed"),
            feed_date=_parsed("feed_date", found, parse_date),
            captured_at=_parsed("captured_at", found, parse_time),
            page=found.get("page"),
            query=found.get("query"),
        )


def parse_date(text: str) -> date:
    """Return a date from ISO 8601, with or without hyphens.

    Raises:
        ValueError: it is none.
    """
    return date.fromisoformat(text)


def parse_time(text: str) -> datetime:
    """Return an instant as naive UTC from ISO 8601, also compact or with hyphens for colons.

    A time without a zone is UTC; a date alone is its first moment.

    Raises:
        ValueError: it is none.
    """
    compact = _COMPACT_TIME.fullmatch(text)
    if compact:
        day, clock = "-".join(compact.groups()[:3]), ":".join(compact.groups()[3:6])
        text = f"{day}T{clock}{compact[7] or 'Z'}"
    elif re.fullmatch(r"\d{4}-\d{2}-\d{2}[T_ ]\d{2}-\d{2}-\d{2}Z?", text):
        text = f"{text[:10]}T{text[11:19].replace('-', ':')}Z"
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        return instant
    return instant.astimezone(UTC).replace(tzinfo=None)


def _group(name: str) -> str:
    return "[^/]*" if name == "_" else f"(?P<{name}>[^/]+?)"


def _parsed(name: str, found: dict[str, str], parse):  # type: ignore[no-untyped-def]
    text = found.get(name)
    if text is None:
        return None
    try:
        return parse(text)
    except (ValueError, OverflowError) as error:
        raise PathTemplateError(f"{name} in the path is {text!r}, which is no date") from error
