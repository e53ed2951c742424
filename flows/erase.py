"""Erasing a person's name from a home: landing, journal, reports, and the warehouse anew."""

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import click
import polars as pl

from flows.erase_files import (
    count_in_files,
    erase_in_files,
    find_left_in_files,
    find_left_in_warehouse,
)
from flows.erase_looks import FoundLook, find_looks
from flows.house import House
from flows.ingest import load_landed
from flows.publishing import finish
from flows.report import Report
from flows.run import direct, start_run
from warehouse.erasure import erase_records, stage_looks, stage_records
from warehouse.landing import ERASURE, KINDS
from warehouse.names import Names, UnfitNameError

_RECORDS = tuple(kind for kind in KINDS if kind not in ("looks", "erasures"))
_OF_LOOK = ("capture_id", "feed_id", "feed_date", "captured_at")


@dataclass
class Erasure:
    """What was found and erased, and what was not."""

    captures: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The looks with a name in them, with how often, by capture_id."""
    places: Counter[str] = field(default_factory=Counter)
    """How often names stood elsewhere: kinds of records, files of the home."""
    remaining: list[dict[str, str]] = field(default_factory=list)
    """Places that hold a name still, or may do so, and why."""
    report: Report | None = None
    """The run that built the warehouse anew; None for a dry run."""

    @property
    def occurrences(self) -> int:
        """How often names stood in the home, the warehouse left aside."""
        in_looks = (int(look["occurrences"]) for look in self.captures.values())
        return self.places.total() + sum(in_looks)

    def note(self, found: FoundLook) -> None:
        """Take down a look that holds a name; it may stand in several packs."""
        look = {name: found.look[name] for name in _OF_LOOK}
        capture_id = look["capture_id"]
        if found.remaining and capture_id not in self.captures:
            self.remaining.append({"place": f"capture {capture_id}", "reason": found.remaining})
        self.captures[capture_id] = look | {"occurrences": found.occurrences}

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


def find_names(house: House, wanted: list[str]) -> Erasure:
    """Find names, as :func:`erase_names` would, and change nothing.

    Raises:
        click.UsageError: a name cannot be looked for.
    """
    names, erasure = _names(wanted), Erasure()
    for _, pack in house.landing.packs("looks"):
        for found in find_looks(pack, names, house):
            erasure.note(found)
    for kind in _RECORDS:
        for _, records in house.landing.packs(kind):
            erasure.places[f"landing/{kind}"] += erase_records(records, names)[1]
    erasure.places = +(erasure.places + count_in_files(house, names))
    return erasure


def erase_names(house: House, wanted: list[str], reason: str, decided_by: str) -> Erasure:
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
    with start_run(house, "captures erase", direct, {}, is_anew=True) as run:
        erasure = Erasure(report=run.report)
        erased = run.step("find", partial(_stage_looks, house, names, erasure))
        erased += run.step("find", partial(_stage_records, house, names, erasure))
        files = run.step("erase", partial(erase_in_files, house, names))
        erased += [{"place": place, "occurrences": count} for place, count in files.items()]
        erasure.places += files
        run.parameters = {
            "captures": sorted(erasure.captures),
            "occurrences": erasure.occurrences,
            "reason": reason,
        }
        decided = {"reason": reason, "decided_by": decided_by, "erased_at": run.started_at}
        records = pl.DataFrame([row | decided for row in erased], schema=ERASURE)
        run.step("erase", partial(house.landing.replace, records))
        run.read_decisions()
        load_landed(run, house.landing.looks())
        finish(run)
    erasure.remaining += find_left_in_files(house, names)
    erasure.remaining += find_left_in_warehouse(house, names)
    return erasure


def _stage_looks(house: House, names: Names, erasure: Erasure) -> list[dict[str, Any]]:
    """Stage the packs of looks that are to replace others; return the records of it."""
    erased = []
    for pack, looks in house.landing.packs("looks"):
        found = list(find_looks(looks, names, house))
        for look in found:
            erasure.note(look)
        replaced = {look.look["capture_id"]: look.replaced for look in found if look.replaced}
        if not replaced:
            continue
        staged = stage_looks(house.landing, looks, replaced)
        erased += [
            {
                "place": "looks",
                "capture_id": look.look["capture_id"],
                "blob_id": look.look["blob_id"],
                "erased_blob_id": look.erased_blob_id,
                "occurrences": look.occurrences,
                "pack": pack,
                "replaced_by": staged,
            }
            for look in found
            if look.replaced
        ]
    return erased


def _stage_records(house: House, names: Names, erasure: Erasure) -> list[dict[str, Any]]:
    """Stage the packs of other records that are to replace others; return the records of it."""
    erased = []
    for kind in _RECORDS:
        for pack, staged, count in stage_records(house.landing, kind, names):
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
