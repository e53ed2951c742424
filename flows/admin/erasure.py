"""Erasing a person's name from a home: landing, journal, reports, and the warehouse anew."""

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import click
import polars as pl

from flows.admin.erasure_captures import FoundCapture, find_captures_with
from flows.admin.erasure_files import (
    count_in_files,
    erase_in_files,
    find_left_in_files,
    find_left_in_warehouse,
)
from flows.admin.erasure_landing import stage_captures, stage_records
from flows.pipeline.inbox_memory import forget_inbox
from flows.pipeline.ingest import finish, load_landed
from flows.pipeline.pending import ReadingRules
from flows.report import Report
from flows.run import Request, direct, start_run
from flows.site.after import site_after
from flows.workspace import Workspace
from transforms.errors import UnfitNameError
from transforms.redact.names import Names
from transforms.redact.records import erase_records
from warehouse.errors import WarehouseError
from warehouse.landing import REPLACING
from warehouse.landing_records import ERASURE, KINDS

_RECORDS = tuple(kind for kind in KINDS if kind not in ("looks", *REPLACING))
_OF_CAPTURE = ("capture_id", "feed_id", "feed_date", "captured_at")


@dataclass
class Erasure:
    """What was found and erased, and what was not."""

    captures: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The captures with a name in them, with how often, by capture_id."""
    places: Counter[str] = field(default_factory=Counter)
    """How often names stood elsewhere: kinds of records, files of the home."""
    remaining: list[dict[str, str]] = field(default_factory=list)
    """Places that hold a name still, or may do so, and why."""
    report: Report | None = None
    """The run that built the warehouse anew; None for a dry run."""

    @property
    def occurrences(self) -> int:
        """How often names stood in the home, the warehouse left aside."""
        in_captures = (int(capture["occurrences"]) for capture in self.captures.values())
        return self.places.total() + sum(in_captures)

    def note(self, found: FoundCapture) -> None:
        """Take down a capture that holds a name; it may stand in several packs."""
        capture = {name: found.capture[name] for name in _OF_CAPTURE}
        capture_id = capture["capture_id"]
        if found.remaining and capture_id not in self.captures:
            self.remaining.append({"place": f"capture {capture_id}", "reason": found.remaining})
        self.captures[capture_id] = capture | {"occurrences": found.occurrences}

    def as_json(self) -> dict[str, Any]:
        """Return the whole; nothing in it tells the name."""
        return {
            "dry_run": self.report is None,
            "published": self.report is not None and self.report.is_published,
            "run_id": self.report.run_id if self.report else None,
            "occurrences": self.occurrences,
            "captures": list(self.captures.values()),
            "places": [{"place": p, "occurrences": n} for p, n in sorted(self.places.items())],
            "remaining": self.remaining,
        }


def find_names(workspace: Workspace, wanted: list[str]) -> Erasure:
    """Find names, as :func:`erase_names` would, and change nothing.

    Raises:
        click.UsageError: a name cannot be looked for.
    """
    names, erasure = _names(wanted), Erasure()
    for _, pack in workspace.landing.packs("looks"):
        for found in find_captures_with(pack, names, workspace):
            erasure.note(found)
    for kind in _RECORDS:
        for _, records in workspace.landing.packs(kind):
            erasure.places[f"landing/{kind}"] += erase_records(records, names)[1]
    erasure.places = +(erasure.places + count_in_files(workspace, names))
    return erasure


def erase_names(workspace: Workspace, wanted: list[str], reason: str, decided_by: str) -> Erasure:
    """Erase names from the landing, journal, log and reports, and build the warehouse anew.

    Whenever it is killed: before the record of the erasure the landing is as it was, and the
    command is to be given again; after it, any run ends the work on landing and warehouse. To give
    the command again does no harm at any time.

    Raises:
        LockedError: another writer is at work.
        click.UsageError: a name cannot be looked for, or stands in the reason.
    """
    names = _names(wanted)
    if names.holds(reason) or names.holds(decided_by):
        raise click.UsageError("--reason and --by are kept: they must not tell the name")
    with start_run(workspace, "captures erase", direct, {}, is_anew=True) as run:
        erasure = Erasure()
        erased = run.step("find", partial(_stage_captures, workspace, names, erasure))
        erased += run.step("find", partial(_stage_records, workspace, names, erasure))
        files = run.step("erase", partial(erase_in_files, workspace, names))
        erased += [{"place": place, "occurrences": count} for place, count in files.items()]
        erasure.places += files
        run.request = Request(
            "captures erase",
            {
                "captures": sorted(erasure.captures),
                "occurrences": erasure.occurrences,
                "reason": reason,
            },
        )
        decided = {"reason": reason, "decided_by": decided_by, "erased_at": run.started_at}
        records = pl.DataFrame([row | decided for row in erased], schema=ERASURE)
        run.step("erase", partial(workspace.landing.replace, records))
        forget_inbox(workspace.landing.folder)
        load_landed(run, ReadingRules.of(workspace), workspace.landing.captures())
        finish(run)
    erasure.report = site_after(workspace, run.report(), is_of_any_size=True)
    for place, find_left in (
        ("files of the home", find_left_in_files),
        ("warehouse", find_left_in_warehouse),
    ):
        try:
            erasure.remaining += find_left(workspace, names)
        except (OSError, WarehouseError) as error:
            # it is published: what cannot be looked into is left to the user
            erasure.remaining.append({"place": place, "reason": f"cannot be read: {error}"})
    return erasure


def _stage_captures(workspace: Workspace, names: Names, erasure: Erasure) -> list[dict[str, Any]]:
    """Stage the packs of captures that are to replace others; return the records of it."""
    erased = []
    for pack, captures in workspace.landing.packs("looks"):
        found = list(find_captures_with(captures, names, workspace))
        for capture in found:
            erasure.note(capture)
        replaced = {
            capture.capture["capture_id"]: capture.replaced for capture in found if capture.replaced
        }
        if not replaced:
            continue
        staged = stage_captures(workspace.landing, captures, replaced)
        erased += [
            {
                "place": "looks",
                "capture_id": capture.capture["capture_id"],
                "blob_id": capture.capture["blob_id"],
                "erased_blob_id": capture.erased_blob_id,
                "occurrences": capture.occurrences,
                "pack": pack,
                "replaced_by": staged,
            }
            for capture in found
            if capture.replaced
        ]
    return erased


def _stage_records(workspace: Workspace, names: Names, erasure: Erasure) -> list[dict[str, Any]]:
    """Stage the packs of other records that are to replace others; return the records of it."""
    erased = []
    for kind in _RECORDS:
        for pack, staged, count in stage_records(workspace.landing, kind, names):
            erasure.places[f"landing/{kind}"] += count
            erased.append(
                {"place": kind, "occurrences": count, "pack": pack, "replaced_by": staged}
            )
    return erased


def _names(wanted: list[str]) -> Names:
    try:
        return Names(wanted)
    except UnfitNameError as error:
        raise click.UsageError(str(error)) from error
