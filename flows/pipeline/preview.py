"""How files would be read, were they ingested: nothing is written, not even a home."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path, PurePath
from typing import Final

from flows.pipeline.capture import Capture, examine
from flows.pipeline.files import shown_path
from flows.pipeline.ingest import transform
from flows.pipeline.inputs import Inputs, Stated, read_batches
from flows.pipeline.path_template import PathTemplate
from flows.pipeline.pending import ReadingRules
from flows.pipeline.transform import hold_what_fails
from flows.report import PathTemplateError
from flows.workspace import Workspace

_DATE: Final = r"\d{4}-\d{2}-\d{2}"
_TIME: Final = re.compile(rf"{_DATE}[T_ ]\d{{2}}[-:]\d{{2}}[-:]\d{{2}}Z?|\d{{8}}T\d{{6}}Z?")
_DAY: Final = re.compile(rf"(?<!\d)(?:{_DATE}|\d{{8}})(?!\d)")


@dataclass(frozen=True)
class Preview:
    """How one file would be read; null where nothing says."""

    path: str
    result: str
    """new, landed (its capture is known already), duplicate (it is the capture of a file before),
    held or refused.
    """
    feed_id: str | None = None
    feed_date: date | None = None
    captured_at: datetime | None = None
    format: str | None = None
    entries: int | None = None
    rejected: int | None = None
    """Entries that would be rejected, of ``entries``."""
    reason: str | None = None
    """Why it would be held or refused."""
    layout_fits: bool | None = None
    """Whether the layout fits the path; null without a layout."""
    hint: str | None = None
    """A layout that would take a date from the path, where nothing says the day of its list."""


def preview(workspace: Workspace, inputs: Inputs) -> Iterator[Preview]:
    """Yield how each file would be read."""
    results = dict.fromkeys(workspace.landing.captures()["capture_id"], "landed")
    rules = ReadingRules.of(workspace)
    for files in read_batches(inputs.paths, workspace):
        for file in files:
            located = examine(file, inputs.stated, workspace)
            fits = _fits(file.path, inputs.stated)
            if isinstance(located, str):
                path = shown_path(file.path)
                yield Preview(path, "refused", reason=located, layout_fits=fits)
                continue
            result = results.get(located.capture.capture_id, "new")
            results.setdefault(located.capture.capture_id, "duplicate")
            yield _preview_capture(located.capture, workspace, rules, result, file.path, fits)


def best_hint(previews: Iterable[Preview]) -> tuple[str, int] | None:
    """Return the layout that is hinted at for most files, and for how many; None for none."""
    hints = Counter(one.hint for one in previews if one.hint)
    return min(hints.items(), key=lambda pair: (-pair[1], pair[0])) if hints else None


def suggest_layout(path: PurePath) -> str | None:
    """Return a layout that takes date and time of a list from a path; None without a date.

    The name of the file and of the folder above it are looked at.
    """
    parts = [_with_fields(part) for part in path.parts[-2:] if part != path.anchor]
    if not any("{feed_date}" in part for part in parts):
        return None
    if "{feed_date}" not in parts[0] and "{captured_at}" not in parts[0]:
        parts = parts[1:]
    name = parts[-1]
    if "{feed_date}" not in name and "{captured_at}" not in name:
        parts[-1] = "{_}" + PurePath(name).suffix
    template = "/".join(parts)
    try:
        return template if PathTemplate(template).read(path).feed_date else None
    except PathTemplateError:
        return None


def _with_fields(part: str) -> str:
    """Return a part of a path with a field in place of the first time and the first date."""
    return _DAY.sub("{feed_date}", _TIME.sub("{captured_at}", part, count=1), count=1)


def _preview_capture(
    capture: Capture,
    workspace: Workspace,
    rules: ReadingRules,
    result: str,
    path: Path,
    fits: bool | None,
) -> Preview:
    read = partial(transform, workspace=workspace, rules=rules)
    facts = hold_what_fails([capture], read)[0][0].captures.row(0, named=True)
    is_held = facts["state"] == "held"
    feed_date = facts["feed_date"]
    feed = workspace.feeds[str(facts["feed_id"])]
    is_dateless = feed.kind == "daily_list" and feed_date is None
    return Preview(
        shown_path(path),
        "held" if is_held else result,
        feed.feed_id,
        feed_date,
        facts["captured_at"],
        capture.format.name,
        facts["entries_seen"],
        facts["entries_rejected"],
        facts["reason"] if is_held else None,
        fits,
        suggest_layout(path) if is_dateless and not fits else None,
    )


def _fits(path: Path, stated: Stated) -> bool | None:
    """Tell whether the layout fits a path; one whose date is none is refused with that reason."""
    if stated.layout is None:
        return None
    try:
        facts = stated.layout.read(path)
    except PathTemplateError:
        return True
    return any(value is not None for value in vars(facts).values())
