"""What ``ingest --dry-run`` prints: how each file would be read, and what a layout would add."""

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

from flows.cli.output import say, say_wrapped, show_json
from flows.cli.pager import paged
from flows.cli.told_commands import told
from warehouse.counted import say_count

if TYPE_CHECKING:
    from flows.pipeline.inputs import Inputs
    from flows.pipeline.preview import Preview
    from flows.workspace import Workspace


def show_previews(workspace: "Workspace", inputs: "Inputs", *, as_json: bool) -> None:
    """Print a line for each file, the numbers of each result, and a layout where one would help."""
    from flows.pipeline.preview import best_hint, preview

    previews = list(preview(workspace, inputs))
    hint = best_hint(previews)
    if as_json:
        files = [asdict(one) for one in previews]
        show_json({"files": files, "layout": hint[0] if hint else None})
        return
    with paged():
        for one in previews:
            say_wrapped(_in_a_line(one))
        counts = Counter(one.result for one in previews)
        shown = ", ".join(f"{count:,} {result}" for result, count in counts.items())
        total = say_count(len(previews), "file")
        say(f"{total}: {shown or 'none'}; nothing was loaded")
        unfit = sum(one.layout_fits is False for one in previews)
        if unfit:
            say(f"the layout does not fit {unfit:,} of {len(previews):,} paths")
        if hint:
            say(f"paths with a date, where nothing else says the day of the list: {hint[1]:,}; try")
            say(f"  {told('ingest', *_words(inputs), '--layout', hint[0], '--dry-run')}")


def _words(inputs: "Inputs") -> list[str]:
    """Return the arguments that say again what was given."""
    words = [str(path) for path in inputs.paths]
    seen_at = inputs.stated.captured_at
    for option, value in (
        ("--feed", inputs.stated.feed_id),
        ("--kind", inputs.stated.kind),
        ("--captured-at", f"{seen_at.isoformat()}Z" if seen_at else None),
    ):
        words += [option, value] if value else []
    return words


def _in_a_line(one: "Preview") -> str:
    if one.result == "refused" or one.entries is None:
        return f"refused {one.path}: {one.reason}"
    entries = say_count(one.entries, "entry")
    if one.rejected:
        entries += f" ({one.rejected:,} rejected)"
    seen = (
        f"seen {one.captured_at:%Y-%m-%d %H:%M} UTC"
        if one.captured_at
        else "seen at no stated time"
    )
    day = f"of {one.feed_date}" if one.feed_date else "of no stated day"
    why = f": {one.reason}" if one.reason else ""
    return f"{one.result} {one.path}: {one.feed_id} {day}, {entries}, {one.format}, {seen}{why}"
