"""The demonstration: a sample of our own making, all the way, held against what was planted."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from flows.demo.synthetic import Planted, SampleSize, write_sample
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.report import OtherCapturesError, Report
from flows.workspace import Workspace
from warehouse import published
from warehouse.connection import open_published
from warehouse.lock import writer_lock

LAYOUT = "synthetic/{feed_date}/{captured_at}.json"
_MISPLACED_LAYOUT = "misplaced/{feed_date}/{captured_at}.json"
_FOLDERS = ("synthetic", "search", "dirt", "misplaced")
"""What a sample writes below the folder of captures; nothing else there is touched."""
_WHOLE_WEEKS = 9
"""Six of them before the first burst: as many as a baseline needs."""
_PAPERS_PER_DAY = 12
_LAST_LOOK = timedelta(hours=1)
"""The last look at the list of a day is taken in the first hour after its end, UTC."""


@dataclass(frozen=True)
class Comparison:
    """What was planted against what the pipeline found."""

    differences: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """Whether exactly what was planted was found."""
        return not self.differences


def last_end(now: datetime) -> date:
    """Return the latest day before which a sample can end, by naive UTC: no look is to come."""
    return (now - _LAST_LOOK).date()


def sample_size(end: date) -> SampleSize:
    """Return a sample of nine whole weeks and the days since, up to the day before ``end``."""
    monday = end - timedelta(days=end.weekday())
    start = monday - timedelta(weeks=_WHOLE_WEEKS)
    return SampleSize(days=(end - start).days, papers_per_day=_PAPERS_PER_DAY, start=start)


def captures_folder(workspace: Workspace) -> Path:
    """Return where the demo writes its captures."""
    return workspace.settings.home.folder / "captures"


def is_of_other_days(workspace: Workspace, end: date) -> bool:
    """Tell whether the home holds the demonstration of another day.

    Raises:
        OtherCapturesError: looks from elsewhere have landed in this home.
    """
    folder = captures_folder(workspace)
    paths = workspace.landing.origins()["path"].to_list()
    ours = [folder / name for name in _FOLDERS]
    others = [path for path in paths if not any(_is_below(path, one) for one in ours)]
    if others:
        raise OtherCapturesError(
            f"{workspace.settings.home.folder} holds other looks ({others[0]}): "
            "give the demo a folder of its own with --home"
        )
    days = {Path(path).parent.name for path in paths if _is_below(path, folder / "synthetic")}
    size = sample_size(end)
    expected = {size.feed_dates[0].isoformat(), size.feed_dates[-1].isoformat()}
    return bool(days) and {min(days), max(days)} != expected


def start_over(workspace: Workspace) -> None:
    """Remove what an earlier demonstration left in the home, its site and past states included.

    Raises:
        LockedError: another writer is at work.
    """
    home = workspace.settings.home
    with writer_lock(home.lock, {"verb": "demo"}):
        for folder in (home.landing, home.journal, home.reports, home.site, home.work.parent):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (home.published, home.run_log, home.log):
            file.unlink(missing_ok=True)


def write_captures(workspace: Workspace, end: date) -> Planted:
    """Write the sample of the days before ``end`` below the home folder, over an earlier one.

    Raises:
        ConfigError: the folder of the home is one of other files; nothing was touched.
    """
    workspace.refuse_foreign_folder()
    folder = captures_folder(workspace)
    for name in _FOLDERS:
        shutil.rmtree(folder / name, ignore_errors=True)
    return write_sample(folder, sample_size(end))


def inputs(workspace: Workspace) -> list[Inputs]:
    """Return what the demo ingests: the daily lists, the search page, the dirt."""
    folder = captures_folder(workspace)
    return [
        Inputs((folder / "synthetic",), Stated(layout=PathTemplate(LAYOUT))),
        Inputs((folder / "misplaced",), Stated(layout=PathTemplate(_MISPLACED_LAYOUT))),
        *(Inputs((folder / name,)) for name in ("search", "dirt")),
    ]


def compare(workspace: Workspace, planted: Planted, report: Report) -> Comparison:
    """Hold what the run refused, rejected, nulled and held, the days that it found missing and cut,
    and the topics that it called rising against what was planted.
    """
    folder = captures_folder(workspace)
    with open_published(workspace.settings.home.published) as connection:
        rejected = published.places_of_rejects(connection)
        nulled = published.places_of_issues(connection)
        held = published.places_of_held(connection)
        days = published.list_days(connection)
        periods = published.read_trends(connection, "week", None, None)
    found: dict[str, set[tuple[str, int]]] = {
        "refused": {(row.path, 0) for row in report.refused},
        "rejected": set(rejected),
        "made null": set(nulled),
        "held": set(held),
        "missing": {(str(day.feed_date), 0) for day in days if day.state == "missing"},
        "cut": {(str(day.feed_date), 0) for day in days if day.state == "truncated"},
        "rising": {(period["topic_id"], 0) for period in periods if period["is_rising"]},
    }
    expected = {
        "refused": {(str(folder / file.path), 0) for file in planted.refused},
        "rejected": {(str(folder / e.path), e.position) for e in planted.rejected_entries},
        "made null": {(str(folder / e.path), e.position) for e in planted.nulled_values},
        "held": {(str(folder / one.path), 0) for one in planted.misplaced},
        "missing": {(str(planted.missing_day), 0)},
        "cut": {(str(planted.truncated_day), 0)},
        "rising": {(burst.topic_id, 0) for burst in planted.bursts},
    }
    return Comparison(tuple(_differences(expected, found)))


def _differences(
    expected: dict[str, set[tuple[str, int]]], found: dict[str, set[tuple[str, int]]]
) -> Sequence[str]:
    lines = []
    for kind, planted in expected.items():
        lines += [f"planted, but not {kind}: {place}" for place in sorted(planted - found[kind])]
        lines += [f"{kind}, but not planted: {place}" for place in sorted(found[kind] - planted)]
    return lines


def _is_below(path: str, folder: Path) -> bool:
    return Path(path).is_relative_to(folder)
