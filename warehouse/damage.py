"""What of a home is damaged or gone: lines of the journal, packs of the landing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import duckdb

from warehouse.counted import say_count
from warehouse.errors import LossError
from warehouse.journal import JOURNAL_SUFFIX, Journal
from warehouse.landing import Landing
from warehouse.pack_proof import Misplaced, PackProblem
from warehouse.publication import Publication

HOW_TO_MEND = "restore it from a backup, or give it up with `paperstrata rebuild --accept-loss`"
_INDISPENSABLE = ("decisions", "erasures")
"""Without these packs a held capture, or an erased name, would come back."""


class Unlanded(NamedTuple):
    """What is published and stands in no pack, though no manifest names one that is gone."""

    kind: str
    capture_ids: Sequence[str]
    """In order."""

    def __str__(self) -> str:
        """Say what is lacking, by the first captures of it."""
        count = say_count(len(self.capture_ids), "capture")
        what = {"looks": count, "decisions": f"the decisions about {count}"}[self.kind]
        shown = ", ".join(one[:12] for one in self.capture_ids[:3])
        more = ", ..." if len(self.capture_ids) > 3 else ""
        return f"landing/{self.kind} lacks {what} that the warehouse holds ({shown}{more})"


Problem = PackProblem | Misplaced | Unlanded


def say_mend(problem: Problem) -> str:
    """Say what is wrong, and what mends it."""
    if isinstance(problem, Misplaced):
        return f"{problem}: move it to landing/{problem.belongs_to}"
    return f"{problem}: {HOW_TO_MEND}"


@dataclass(frozen=True)
class Damage:
    """What one run found damaged."""

    problems: Sequence[Problem] = ()
    """Packs that are left out, and what else the landing has lost."""
    damaged_lines: Sequence[str] = ()
    """What was set aside of the journal, a sentence a file."""
    is_accepted: bool = False
    """Whether a publication may hold fewer captures than the one before."""

    @property
    def has_lost_captures(self) -> bool:
        """Whether captures landed that cannot be read any more."""
        return any(problem.kind == "looks" for problem in self.problems)

    @property
    def has_lost_failures(self) -> bool:
        """Whether looks that failed are on record that cannot be read any more."""
        return any(problem.kind == "failed" for problem in self.problems)

    @property
    def warnings(self) -> list[str]:
        """What to tell the user, a sentence each."""
        return [*self.damaged_lines, *map(say_mend, self.problems)]


def set_aside_damage(landing: Landing, journal: Journal, *, is_accepted: bool) -> Damage:
    """Find what is damaged, move it out of the way where it can be, and say so; for the writer.

    With ``is_accepted`` packs that are damaged or gone are given up for good.
    """
    lines = _set_aside_lines(journal)
    problems = landing.find_problems()
    if is_accepted:
        landing.give_up(problems)
        problems = [one for one in problems if isinstance(one, Misplaced)]
    landing.remember_proof()
    return Damage(problems, lines, is_accepted)


def add_unlanded(damage: Damage, landing: Landing, publication: Publication) -> Damage:
    """Add what a landing lacks of a publication, unless that is accepted."""
    if damage.is_accepted:
        return damage
    packs = [one for one in damage.problems if not isinstance(one, Unlanded)]
    return replace(damage, problems=[*packs, *find_unlanded(landing, publication, packs)])


def find_unlanded(
    landing: Landing, publication: Publication, problems: Sequence[PackProblem | Misplaced]
) -> list[Unlanded]:
    """Return what is published and stands in no pack, as after an older copy of landing and journal
    was put beside it; of a kind of which packs are known to be gone, these tell it.
    """
    known = {problem.kind for problem in problems}
    published = {"looks": publication.loaded.keys(), "decisions": publication.decided}
    landed = {"looks": landing.captures, "decisions": landing.decisions}
    return [
        Unlanded(kind, sorted(gone))
        for kind, captures in published.items()
        if kind not in known and (gone := set(captures) - set(landed[kind]()["capture_id"]))
    ]


def find_lost_lines(
    landing: Landing, journal: Journal, connection: duckdb.DuckDBPyConnection
) -> list[str]:
    """Return what the journal should say and does not, a sentence a file.

    The next run adds it again, out of the published file and the landing.
    """
    counts = {kind: len(runs) for kind, runs in journal.find_lost(connection).items()}
    said = {kind: f"has no line of {say_count(count, 'run')}" for kind, count in counts.items()}
    if unnamed := landing.find_unnamed():
        said["pack"] = f"does not name {say_count(len(unnamed), 'pack')} of the landing"
    return [
        f"journal/{kind}{JOURNAL_SUFFIX} {what}: the next run adds what is lacking"
        for kind, what in said.items()
    ]


def refuse_loss(damage: Damage, *, is_anew: bool) -> None:
    """Refuse a run that would publish what it should not: without decisions, or anew without
    captures that are still in the published file.

    Raises:
        LossError: packs are damaged or gone.
    """
    lost = [one for one in damage.problems if one.kind and (is_anew or one.kind in _INDISPENSABLE)]
    if lost:
        raise LossError(f"nothing was published: {'; '.join(map(str, lost))}; {HOW_TO_MEND}")


def refuse_fewer_captures(journal: Journal, captures: int) -> None:
    """Refuse a publication that holds fewer captures than the one recorded last.

    Raises:
        LossError: it does.
    """
    publications = journal.read("publication")
    before = int(publications[-1]["captures"]) if publications else 0
    if captures < before:
        raise LossError(
            f"nothing was published: the last publication held {before} captures, this one would"
            f" hold {captures}; packs of the landing are gone that no manifest names:"
            " restore them from a backup, or give them up with `paperstrata rebuild --accept-loss`"
        )


def _set_aside_lines(journal: Journal) -> list[str]:
    try:
        moved = journal.set_aside_damage()
    except OSError:
        # as on a full disk; they stay, passed over
        return []
    return [
        f"journal: {count} damaged {'line was' if count == 1 else 'lines were'} set aside in"
        f" {journal.folder / name}"
        for name, count in moved.items()
    ]
