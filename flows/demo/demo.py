"""The demonstration: a sample of our own making, all the way, held against what was planted."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.demo.synthetic import Planted, SampleSize, write_sample
from flows.pipeline.inputs import Inputs, Stated
from flows.pipeline.path_template import PathTemplate
from flows.report import OtherCapturesError, Report
from flows.workspace import Workspace
from warehouse import published
from warehouse.connection import open_published

LAYOUT = "synthetic/{feed_date}/{captured_at}.json"
SIZE = SampleSize(days=63, papers_per_day=12)
"""Nine whole weeks: six before the first burst, as many as a baseline needs."""


@dataclass(frozen=True)
class Comparison:
    """What was planted against what the pipeline refused, rejected, nulled and held."""

    differences: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """Whether exactly the planted dirt was refused."""
        return not self.differences


def captures_folder(workspace: Workspace) -> Path:
    """Return where the demo writes its captures."""
    return workspace.settings.home.folder / "captures"


def write_captures(workspace: Workspace) -> Planted:
    """Write the sample below the home folder, over an earlier one.

    Raises:
        OtherLooksError: looks from elsewhere have landed in this home.
    """
    folder = captures_folder(workspace)
    others = [path for path in workspace.landing.origins()["path"] if not _is_below(path, folder)]
    if others:
        raise OtherCapturesError(
            f"{workspace.settings.home.folder} holds other looks ({others[0]}): "
            "give the demo a folder of its own with --home"
        )
    shutil.rmtree(folder, ignore_errors=True)
    return write_sample(folder, SIZE)


def inputs(workspace: Workspace) -> list[Inputs]:
    """Return what the demo ingests: the daily lists, the search page, the dirt."""
    folder = captures_folder(workspace)
    layout = Stated(layout=PathTemplate(LAYOUT))
    return [
        Inputs((folder / "synthetic",), layout),
        Inputs((folder / "search",)),
        Inputs((folder / "dirt",)),
    ]


def compare(workspace: Workspace, planted: Planted, report: Report) -> Comparison:
    """Hold what the run refused, rejected, nulled and held against what was planted."""
    folder = captures_folder(workspace)
    with open_published(workspace.settings.home.published) as connection:
        rejected = published.places_of_rejects(connection)
        nulled = published.places_of_issues(connection)
        held = published.places_of_held(connection)
    found: dict[str, set[tuple[str, int]]] = {
        "refused": {(row.path, 0) for row in report.refused},
        "rejected": set(rejected),
        "made null": set(nulled),
        "held": set(held),
    }
    expected = {
        "refused": {(str(folder / file.path), 0) for file in planted.refused},
        "rejected": {(str(folder / e.path), e.position) for e in planted.rejected_entries},
        "made null": {(str(folder / e.path), e.position) for e in planted.nulled_values},
        "held": set(),
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
