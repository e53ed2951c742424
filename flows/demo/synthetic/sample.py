"""Writing a sample of captures to a folder, and telling what was planted in it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from flows.demo.synthetic import bodies, dirt
from flows.demo.synthetic.agenda import (
    Look,
    SampleSize,
    is_weekend,
    plan_dirt,
    plan_early_look,
    plan_late_look,
    plan_looks,
)
from flows.demo.synthetic.bodies import Listed
from flows.demo.synthetic.listing import PAGE_LIMIT, Newsroom
from flows.demo.synthetic.planted import (
    Burst,
    FlawedEntry,
    LateCapture,
    MisplacedList,
    OldShape,
    Planted,
    RefusedFile,
)
from flows.demo.synthetic.words import WORDS

_ORIGIN = "synthetic"
_SEARCH = "search"
_DIRT = "dirt"
_MISPLACED = "misplaced"
_NO_DATA_WEEKEND = 2
"""The weekend day, counted from 0, that is answered with an object; the others are a bare 1."""
_JOINED_PER_DAY = 3
_SEARCH_ONLY = 8


def write_sample(
    folder: Path, size: SampleSize, progress: Callable[[int, int], None] | None = None
) -> Planted:
    """Write captures to ``folder/synthetic/<feed date>/<captured at>.json`` and return the truth.

    With dirt there are also ``folder/search``, ``folder/dirt`` and ``folder/misplaced``. The bytes
    depend on ``size`` alone. Days are written one by one, so that memory does not grow with their
    number.
    ``progress`` is called after each with the days done and the days in all.

    Raises:
        FileExistsError: the folder holds a sample, or a part of one, already.
    """
    for name in (_ORIGIN, _SEARCH, _DIRT, _MISPLACED):
        if (folder / name).exists():
            raise FileExistsError(f"{folder / name} exists: a sample needs a folder of its own")
    writer = _Writer(folder, size)
    for number, feed_date in enumerate(size.feed_dates, start=1):
        writer.write_day(feed_date)
        if progress is not None:
            progress(number, size.days)
    return writer.finish()


@dataclass
class _Tally:
    """The truth, while it grows."""

    captures: int = 0
    entries: int = 0
    paper_ids: int = 0
    feed_dates: list[date] = field(default_factory=list)
    empty_days: list[date] = field(default_factory=list)
    retitled: list[str] = field(default_factory=list)
    late: list[LateCapture] = field(default_factory=list)
    late_papers: list[str] = field(default_factory=list)
    truncated: Path | None = None
    cut_papers: list[str] = field(default_factory=list)
    rejected_entries: list[FlawedEntry] = field(default_factory=list)
    nulled_values: list[FlawedEntry] = field(default_factory=list)
    old_shapes: list[OldShape] = field(default_factory=list)


class _Writer:
    """Writes one sample, day by day."""

    def __init__(self, folder: Path, size: SampleSize) -> None:
        self.folder = folder
        self.size = size
        self.agenda = plan_dirt(size)
        self.newsroom = Newsroom(size, self.agenda)
        self.tally = _Tally()
        self.searched: list[Listed] = []
        self.last_body = b""
        self.last_look: Look | None = None

    def write_day(self, feed_date: date) -> None:
        """Write all looks at the list of a day."""
        if self.size.dirt and is_weekend(feed_date):
            self._write_weekend(feed_date)
        elif feed_date != self.agenda.missing:
            self._write_list(feed_date)

    def finish(self) -> Planted:
        """Write what belongs to no day and return the truth."""
        tally = self.tally
        found: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in vars(tally).items()
            if name not in ("feed_dates", "captures", "entries")
        }
        if self.size.dirt:
            found |= self._write_search_page() | {
                "refused": self._write_unreadable_files(),
                "misplaced": self._write_misplaced_list(),
            }
        return Planted(
            captures=tally.captures,
            entries=tally.entries,
            bursts=self._bursts(),
            missing_day=self.agenda.missing,
            truncated_day=self.agenda.truncated,
            **found,
        )

    def _write_weekend(self, feed_date: date) -> None:
        (look,) = plan_looks(feed_date, 1, self.newsroom.random_of(feed_date, "looks"))
        tally = self.tally
        is_object = len(tally.empty_days) == _NO_DATA_WEEKEND
        body = bodies.write_no_data_body(feed_date) if is_object else b"1"
        path = self._write(look, body, 0)
        tally.empty_days.append(feed_date)
        tally.old_shapes.append(OldShape(path, "no_data" if is_object else "one"))

    def _write_list(self, feed_date: date) -> None:
        agenda, tally = self.agenda, self.tally
        listed = self.newsroom.list_day(feed_date)
        random = self.newsroom.random_of(feed_date, "looks")
        if feed_date == agenda.empty_first:
            path = self._write(plan_early_look(feed_date, random), b"[]", 0)
            tally.old_shapes.append(OldShape(path, "empty_list"))
        looks = list(plan_looks(feed_date, self.size.looks_per_day, random))
        if feed_date == agenda.truncated:
            looks = looks[:2]
        shown = [self._write_look(look, listed, look is looks[-1]) for look in looks]
        if feed_date in agenda.late_looks:
            look = plan_late_look(feed_date, random)
            self._write_look(look, listed, False)
            late = LateCapture(self._path(look), feed_date, look.captured_at)
            tally.late.append(late)
        self._tell_apart(feed_date, listed, shown)

    def _tell_apart(self, feed_date: date, listed: list[Listed], shown: list[list[str]]) -> None:
        """Count the papers of a day, and note which of them not all of its looks show."""
        tally = self.tally
        ever = dict.fromkeys(paper_id for ids in shown for paper_id in ids)
        tally.feed_dates.append(feed_date)
        tally.paper_ids += len(ever)
        tally.late_papers += sorted(ever.keys() - set(shown[0]))
        if feed_date == self.agenda.truncated:
            tally.cut_papers += sorted(ever.keys() - set(shown[-1]))
        tally.retitled += [one.paper_id for one in listed if one.later_title]
        if feed_date in self.agenda.searched:
            self.searched += [one for one in listed if not one.is_late][:_JOINED_PER_DAY]

    def _write_look(self, look: Look, listed: list[Listed], is_last: bool) -> list[str]:
        """Write what a look shows and return the ids of the papers in it."""
        feed_date = look.feed_date
        ranked = bodies.rank(listed, look)
        if feed_date == self.agenda.truncated and is_last:
            ranked = ranked[:PAGE_LIMIT]
            self.tally.truncated = self._path(look)
        entries = [bodies.make_entry(one, look) for one in ranked]
        if feed_date == self.agenda.rejected:
            self._add_rejects(look, entries, is_last)
        if feed_date == self.agenda.nulled:
            spoil = dirt.publish_in_2199 if is_last else dirt.make_votes_negative
            if is_last or look.number == 0:
                flaw = FlawedEntry(self._path(look), *spoil(entries))
                self.tally.nulled_values.append(flaw)
        self._write(look, self._encode(look, entries, is_last), len(entries))
        return [one.paper_id for one in ranked]

    def _add_rejects(self, look: Look, entries: list[dict[str, Any]], is_last: bool) -> None:
        if not is_last and look.number != 0:
            return
        random = self.newsroom.random_of(look.feed_date, f"extra {look.number}")
        extra = bodies.make_entry(self.newsroom.list_extra(look.feed_date, random), look)
        add = dirt.add_entry_with_number_as_id if is_last else dirt.add_entry_without_title
        flaw = FlawedEntry(self._path(look), *add(entries, extra))
        self.tally.rejected_entries.append(flaw)

    def _encode(self, look: Look, entries: list[dict[str, Any]], is_last: bool) -> bytes:
        if is_last and look.feed_date == self.agenda.repr_shape:
            self.tally.old_shapes.append(OldShape(self._path(look), "repr"))
            return bodies.write_repr_body(entries)
        if is_last and look.feed_date == self.agenda.wrapped_shape:
            self.tally.old_shapes.append(OldShape(self._path(look), "wrapped"))
            return bodies.write_wrapped_body(entries, look.feed_date)
        self.last_look, self.last_body = look, bodies.write_body(entries)
        return self.last_body

    def _path(self, look: Look) -> Path:
        name = f"{look.captured_at:%Y%m%dT%H%M%SZ}.json"
        return Path(_ORIGIN, look.feed_date.isoformat(), name)

    def _write(self, look: Look, body: bytes, entry_count: int) -> Path:
        path = self._path(look)
        (self.folder / path.parent).mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(body)
        self.tally.captures += 1
        self.tally.entries += entry_count
        return path

    def _write_search_page(self) -> dict[str, Any]:
        random = self.newsroom.random_of(self.size.start, "search")
        unlisted = [self.newsroom.make_unlisted(random) for _ in range(_SEARCH_ONLY)]
        papers = [*dirt.copy_texts(self.searched), *((p.title, p.abstract) for p in unlisted)]
        random.shuffle(papers)
        path = Path(_SEARCH, "page.txt")
        looked_at = self.size.feed_dates[-1] + timedelta(days=1)
        (self.folder / path.parent).mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(dirt.write_search_page(papers, looked_at))
        self.tally.captures += 1
        self.tally.entries += len(papers)
        return {
            "search_page": path,
            "search_only": tuple(paper.title for paper in unlisted),
            "search_joined": tuple(one.paper_id for one in self.searched),
        }

    def _write_unreadable_files(self) -> tuple[RefusedFile, ...]:
        refused = []
        for kind, (name, content) in dirt.unreadable_files(self.last_body).items():
            path = Path(_DIRT, name)
            (self.folder / path.parent).mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(content)
            refused.append(RefusedFile(path, cast(Any, kind)))
        return tuple(refused)

    def _write_misplaced_list(self) -> tuple[MisplacedList, ...]:
        """Write the last list again as that of the first day, as if somebody had misfiled it."""
        if self.last_look is None:
            return ()
        given = self.tally.feed_dates[0]
        look = replace(self.last_look, feed_date=given)
        path = Path(_MISPLACED, *self._path(look).parts[1:])
        (self.folder / path.parent).mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(self.last_body)
        self.tally.captures += 1
        self.tally.entries += len(json.loads(self.last_body))
        return (MisplacedList(path, given, self.last_look.feed_date),)

    def _bursts(self) -> tuple[Burst, ...]:
        newsroom, days = self.newsroom, self.tally.feed_dates
        return tuple(
            Burst(
                topic_id=burst.topic_id,
                phrases=burst.phrases,
                onset=onset,
                days=tuple(day for day in days if day >= onset),
                papers_before=newsroom.papers_before[burst.topic_id],
                papers_since=newsroom.papers_since[burst.topic_id],
            )
            for burst, onset in zip(WORDS.subjects.bursts, self.size.onsets, strict=True)
        )
