"""What a set of captures must become: every derived table, in plain Python, by dicts and loops."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from difflib import SequenceMatcher
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from tests.captures import Correction, Feed, Identity, Look, Names, Observation, Row, key_of

SHORTEST_JOINING_TITLE = 16


class Statement(NamedTuple):
    """That a paper is deleted or withdrawn, as one look says; with the row that says it, if any."""

    status: str
    look: Look
    capture_id: str
    row: Row | None = None


@dataclass
class Expected:
    """Rows by key; every value is a tuple, but for the titles."""

    captures: dict[str, tuple[Any, ...]]
    aliases: dict[str, str]
    edges: set[tuple[str, str, str, str]]
    papers: dict[str, tuple[Any, ...]]
    versions: dict[tuple[str, str, int], tuple[Any, ...]]
    days: dict[tuple[str, date], tuple[Any, ...]]
    coverage: dict[tuple[str, str, date], tuple[Any, ...]]


def expect(
    looks: Sequence[Look],
    feeds: Mapping[str, Feed],
    names: Names,
    failed: Collection[tuple[str, date]] = (),
    corrections: Sequence[Correction] = (),
) -> Expected:
    """Return the rows of every derived table; ``failed`` are the days of looks that failed."""
    looks = [_drop(look, corrections, names) for look in looks]
    loaded = [look for look in looks if not look.hold]
    identities = {row.identity for look in loaded for row in look.rows}
    corrections = [one for one in corrections if _is_guard_met(one, identities, names)]
    aliases, edges = resolve(identities, names, corrections)
    papers: dict[str, list[Observation]] = {}
    deletions: dict[str, list[Statement]] = {}
    for look in loaded:
        for row in look.rows:
            paper_id = aliases[names.own_id(row.identity)]
            seen = Observation(row, look, feeds[look.feed_id], names)
            papers.setdefault(paper_id, []).append(seen)
        for _, own_id in look.deletions:
            if own_id in aliases:
                said = Statement("deleted", look, names.captures[look.key])
                deletions.setdefault(aliases[own_id], []).append(said)
    standings = {
        paper_id: _standing(seen, deletions.get(paper_id, []), feeds)
        for paper_id, seen in papers.items()
    }
    days: dict[tuple[str, date], tuple[Any, ...]] = {}
    for feed in feeds.values():
        if feed.kind == "daily_list":
            of_feed = [look for look in looks if look.feed_id == feed.feed_id]
            days |= _list_days(feed, of_feed, papers, failed)
    return Expected(
        {names.captures[look.key]: _capture_row(look) for look in looks},
        aliases,
        edges,
        _override(
            {
                paper_id: _paper(seen, names, standings[paper_id])
                for paper_id, seen in papers.items()
            },
            aliases,
            corrections,
        ),
        {
            key: row
            for paper_id, seen in papers.items()
            for key, row in _versions(paper_id, seen, standings[paper_id])
        },
        days,
        _count_coverage(days, papers),
    )


def _capture_row(look: Look) -> tuple[Any, ...]:
    held = look.entries_seen if look.hold else 0
    rejected = 0 if look.hold else look.entries_rejected
    return (
        look.feed_id,
        look.kind,
        look.feed_date,
        look.captured_at,
        look.captured_after,
        look.hold,
        look.entries_seen,
        len(look.rows),
        rejected,
        held,
        False if look.hold else look.is_truncated,
    )


def _drop(look: Look, corrections: Sequence[Correction], names: Names) -> Look:
    """Return a look without the entries that were dropped; they count as rejected."""

    def is_dropped(row: Row) -> bool:
        return any(
            one.kind == "drop"
            and names.own_id(row.identity) == one.paper
            and one.feed in (None, look.feed_id)
            and (one.title is None or key_of(one.title) == row.identity.title_key)
            for one in corrections
        )

    kept = [row for row in look.rows if not is_dropped(row)]
    dropped = len(look.rows) - len(kept)
    return replace(look, rows=kept, entries_rejected=look.entries_rejected + dropped)


def _is_guard_met(one: Correction, identities: set[Identity], names: Names) -> bool:
    if one.title is None:
        return True
    return any(
        names.own_id(identity) == one.paper and identity.title_key == key_of(one.title)
        for identity in identities
    )


def resolve(
    identities: set[Identity], names: Names, corrections: Sequence[Correction] = ()
) -> tuple[dict[str, str], set[tuple[str, str, str, str]]]:
    """Join what has no id to the one id that owns its content, else its title; but first of all
    what a person says.
    """
    same = {one.paper: str(one.other) for one in corrections if one.kind == "same_as"}

    def end_of(name: str) -> str:
        return end_of(same[name]) if name in same else name

    kept_apart = [(one.paper, str(one.other)) for one in corrections if one.kind == "keep_apart"]
    by_own_id: dict[str, list[Identity]] = {}
    for identity in identities:
        by_own_id.setdefault(names.own_id(identity), []).append(identity)
    aliases = {own_id: end_of(own_id) for own_id in by_own_id}
    edges = {(one, end_of(one), "same_as", "same") for one in by_own_id if one in same}

    def join(left: Iterable[str], is_owner: Callable[[str], bool], needs_proof: bool) -> None:
        """Join each of some ids to the one owner of its content, else of its title."""
        named = [(end_of(one.source_id), one) for one in identities if one.source_id]
        owned = [(owner, one) for owner, one in named if is_owner(owner)]
        apart = [frozenset(map(end_of, pair)) for pair in kept_apart]
        joined = {}
        for own_id in left:
            for owner, rule, decision in _decide(
                own_id, by_own_id[own_id], owned, apart, needs_proof
            ):
                edges.add((own_id, owner, rule, decision))
                if decision == "same":
                    joined[own_id] = owner
        aliases.update(joined)
        same.update(joined)

    # a person who names a DOI means it
    of_person = {*same, *map(end_of, same)}
    dois = [one for one in by_own_id if one.startswith("doi:") and one not in of_person]
    join(dois, lambda owner: owner.startswith("arxiv:"), needs_proof=True)
    nameless = [one for one, like in by_own_id.items() if one not in same and not like[0].source_id]
    join(nameless, lambda _: True, needs_proof=False)
    return aliases, edges


def _decide(
    own_id: str,
    like: list[Identity],
    owned: list[tuple[str, Identity]],
    apart: list[frozenset[str]],
    needs_proof: bool,
) -> Iterable[tuple[str, str, str]]:
    """Yield owner, rule and decision of those with the content of an id, else with its title."""
    by_content = {
        owner
        for owner, one in owned
        for own in like
        if own.abstract_key is not None and own[1:] == one[1:]
    }
    by_title = {
        owner
        for owner, one in owned
        for own in like
        if own.title_key == one.title_key and len(own.title_key) >= SHORTEST_JOINING_TITLE
    }
    unlike = {
        owner
        for owner in by_title
        if _cannot_be_believed(like, [one for name, one in owned if name == owner], needs_proof)
    }
    for rule, owners in (("content_key", by_content), ("title_key", by_title)):
        kept_apart = {owner for owner in owners if frozenset((own_id, owner)) in apart}
        yield from ((owner, rule, "apart") for owner in kept_apart)
        left = owners - kept_apart
        is_sure = len(left) == 1 and not (rule == "title_key" and left & unlike)
        yield from ((owner, rule, "same" if is_sure else "review") for owner in left)
        if left:
            break


def _cannot_be_believed(one: list[Identity], owner: list[Identity], needs_proof: bool) -> bool:
    """Tell whether there are abstracts on both sides of a title, and none of the one has anything
    to do with one of the other; where a proof is needed, it also lacks where there are none.
    """
    pairs = [
        (left.abstract_key, right.abstract_key)
        for left in one
        for right in owner
        if left.title_key == right.title_key and left.abstract_key and right.abstract_key
    ]
    return not any(_have_a_run_in_common(*pair) for pair in pairs) and bool(pairs or needs_proof)


def _have_a_run_in_common(one: str, other: str) -> bool:
    """Forty letters and digits; half of a shorter text, if that is at least eight."""
    shorter = min(len(one), len(other))
    length = min(40, shorter, max(8, shorter // 2))
    block = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return block.size >= length


_OVERRIDDEN = {"title": 0, "published_date": -1}


def _override(
    papers: dict[str, tuple[Any, ...]],
    aliases: Mapping[str, str],
    corrections: Sequence[Correction],
) -> dict[str, tuple[Any, ...]]:
    """Lay overrides over papers whose field is what the override says that it was.

    Where two ids of one paper override a field, the first id whose guard holds does.
    """
    corrected = dict(papers)
    taken = set()
    for one in sorted(corrections, key=lambda one: one.paper):
        paper_id = aliases.get(one.paper, one.paper)
        if one.kind != "override" or paper_id not in papers or (paper_id, one.field) in taken:
            continue
        place = _OVERRIDDEN[one.field]
        if papers[paper_id][place] == one.was:
            taken.add((paper_id, one.field))
            row = list(corrected[paper_id])
            row[place] = one.value
            corrected[paper_id] = tuple(row)
    return corrected


def _standing(
    seen: list[Observation], deletions: list[Statement], feeds: Mapping[str, Feed]
) -> tuple[Any, ...] | None:
    """Return status, since when, by which capture and the day stated; None for an active paper.

    A record is deleted until its feed shows it later; a paper is withdrawn until its feed shows it
    later in the same format, which could say so, in no earlier version, and does not say so.
    """
    said = [
        Statement("withdrawn", one.look, one.names.captures[one.look.key], one.row)
        for one in seen
        if one.row.is_withdrawn
    ]

    def is_over(statement: Statement) -> bool:
        return any(
            one.look.feed_id == statement.look.feed_id
            and _instant(one.look, feeds) > _instant(statement.look, feeds)
            and (statement.row is None or _takes_back(one, statement.look, statement.row))
            for one in seen
        )

    held = [statement for statement in (*deletions, *said) if not is_over(statement)]
    deleted = [statement for statement in held if statement.status == "deleted"]
    held = deleted or held
    if not held:
        return None
    timed = [(one.look.captured_at, one.capture_id) for one in held if one.look.captured_at]
    untimed = [(_instant(one.look, feeds), one.capture_id) for one in held]
    since, capture_id = min(timed) if timed else (None, min(untimed)[1])
    days = [one.row.withdrawn_on for one in held if one.row and one.row.withdrawn_on]
    return held[0].status, since, capture_id, min(days, default=None)


def _takes_back(shown: Observation, look: Look, withdrawn: Row) -> bool:
    versions = shown.row.version, withdrawn.version
    is_older = None not in versions and versions[0] < versions[1]  # type: ignore[operator]
    return not shown.row.is_withdrawn and shown.look.format == look.format and not is_older


def _instant(look: Look, feeds: Mapping[str, Feed]) -> tuple[datetime, bool]:
    """Return the place of a look in time; a list at an unknown time was seen no earlier than its
    day: it stands at the beginning of that, before any look at a known time.
    """
    if look.captured_at:
        return look.captured_at, True
    is_list = feeds[look.feed_id].kind == "daily_list"
    day = look.feed_date if is_list else None
    return (datetime.combine(day, time()) if day else datetime.min), False  # noqa: DTZ901 - naive UTC


def _paper(
    seen: list[Observation], names: Names, standing: tuple[Any, ...] | None
) -> tuple[Any, ...]:

    def place(one: Observation) -> tuple[Any, ...]:
        # what shows a cut of a known text speaks last of what the paper is
        return (not _is_cut(one, seen), one.by_rank)

    shown = max(seen, key=place).row.text
    times = [one.look.captured_at for one in seen if one.look.captured_at]
    dates = [one.day for one in seen if one.is_of_list and one.day]
    dated = [one for one in seen if one.row.published is not None]
    return (
        shown.title,
        names.texts[shown],
        min(times, default=None),
        max(times, default=None),
        min(dates, default=None),
        len({one.look.key for one in seen}),
        _latest([(one.by_time, one.row.votes) for one in seen]),
        _latest([(one.by_time, one.row.comments) for one in seen]),
        _latest([(one.by_time, one.row.comment) for one in seen]),
        *(standing or (None,) * 4),
        _latest([(place(one), one.row.published) for one in dated]),
    )


def _is_cut(one: Observation, seen: list[Observation]) -> bool:
    """Tell whether a text is a cut of a known one of the paper: its abstract is, or its title is,
    beside the same abstract or none.
    """
    return _has_cut_abstract(one, seen) or any(_has_title_cut_of(one, other) for other in seen)


def _has_title_cut_of(one: Observation, other: Observation) -> bool:
    title, whole = one.row.text.title, other.row.text.title
    abstract = one.row.text.abstract
    kept = title.rstrip(" .…")
    return (
        title.endswith(("...", "…"))
        and len(kept) >= 8
        and len(whole) > len(title)
        and whole.startswith(kept)
        and abstract in (None, other.row.text.abstract)
    )


def _has_cut_abstract(one: Observation, seen: list[Observation]) -> bool:
    """Tell whether an abstract is a cut of one that is known of the paper: it ends in an ellipsis,
    or is the first two hundred characters of it and more.
    """
    abstract = one.row.text.abstract or ""
    kept = abstract.rstrip(" .…[]()")
    is_marked = abstract.rstrip(" ])").endswith(("...", "…"))
    return (
        bool(kept)
        and (is_marked or len(kept) >= 200)
        and any(
            len(other.row.text.abstract or "") > len(abstract)
            and (other.row.text.abstract or "").startswith(kept)
            for other in seen
        )
    )


def _latest(values: list[tuple[tuple[Any, ...], Any]]) -> Any:
    known = [(order, value) for order, value in values if value is not None]
    return max(known)[1] if known else None


def _versions(
    paper_id: str, seen: list[Observation], standing: tuple[Any, ...] | None
) -> Iterable[tuple[tuple[str, str, int], tuple[Any, ...]]]:
    """Yield the wordings of a paper in each family of sources, by stated time.

    An entry without an abstract is no other wording, unless the family never shows one, and the cut
    of a known abstract is none. The last one ends where the paper is taken back, and lasts no time
    where it came later.
    """
    for family in sorted({one.feed.family for one in seen}):
        dated = [one for one in seen if one.feed.family == family and one.look.captured_at]
        full = [one for one in dated if one.row.identity.abstract_key is not None]
        instants: dict[datetime, Observation] = {}
        worded = [one for one in full or dated if not _is_cut(one, seen)]
        for one in sorted(worded, key=lambda one: one.by_rank):
            if one.look.captured_at:
                instants[one.look.captured_at] = one
        versions: list[list[Observation]] = []
        for _, winner in sorted(instants.items()):
            if versions and versions[-1][0].row.identity[1:] == winner.row.identity[1:]:
                versions[-1].append(winner)
            else:
                versions.append([winner])
        starts = [version[0].look.captured_at for version in versions]
        since = standing and standing[1]
        ends = [*starts[1:], since and starts and max(starts[-1], since)]
        for number, version in enumerate(versions):
            text = max(version, key=lambda one: one.by_rank).row.text
            end = ends[number]
            name = version[0].names.texts[text]
            yield (paper_id, family, number + 1), (starts[number], end, end is None, name)


def _list_days(
    feed: Feed,
    looks: list[Look],
    papers: Mapping[str, list[Observation]],
    failed: Collection[tuple[str, date]],
) -> dict[tuple[str, date], tuple[Any, ...]]:
    """Return one row per date from the first feed date to the day of the clock.

    A held look counts unless its date is what it is held for.
    """
    looks = [part for look in looks if look.hold != "retracted" for part in _days_of(look)]
    sound = [look for look in looks if look.has_sound_date]
    dates = [look.feed_date for look in sound if look.feed_date]
    clock = max((look.captured_at for look in sound if look.captured_at), default=None)
    if not dates:
        return {}
    untimed = [look for look in looks if not look.hold and look.captured_at is None]
    newest_untimed = max((look.feed_date for look in untimed if look.feed_date), default=date.min)
    zone = ZoneInfo(feed.time_zone)
    rows, day, last = {}, min(dates), max(dates)
    if clock:
        last = max(last, clock.replace(tzinfo=UTC).astimezone(zone).date())
    while day <= last:
        by_the_clock = datetime.combine(day, time(), zone) + timedelta(hours=feed.cutoff_hours)
        cutoff = by_the_clock.astimezone(UTC).replace(tzinfo=None)
        deadline = cutoff + timedelta(hours=feed.deadline_hours)
        is_expected = day.isoweekday() in feed.weekdays and day not in feed.holidays
        of_day = [look for look in looks if look.feed_date == day]
        loaded = [look for look in of_day if not look.hold]
        # a list without the time of its look was seen no earlier than its date
        is_past = (clock is not None and clock >= deadline) or day < newest_untimed
        state = _state(of_day, cutoff, is_expected, is_past)
        if state in ("late", "missing") and not of_day and (feed.feed_id, day) in failed:
            state = "outage"
        rows[feed.feed_id, day] = (
            state,
            len(loaded),
            max((look.captured_at for look in loaded if look.captured_at), default=None),
            sum(
                any(o.look.feed_id == feed.feed_id and o.day == day and o.is_of_list for o in seen)
                for seen in papers.values()
            ),
            state in ("loaded", "legit_empty"),
            is_expected,
        )
        day += timedelta(days=1)
    return rows


def _days_of(look: Look) -> list[Look]:
    """Return a look, or its parts where its entries are each of the day that they state."""
    if not look.is_of_days or look.hold:
        return [look]
    return [
        replace(look, feed_date=day, entries_seen=len(rows), rows=rows, has_sound_date=True)
        for day in sorted({row.day for row in look.rows if row.day})
        if (rows := [row for row in look.rows if row.day == day])
    ]


def _state(looks: list[Look], cutoff: datetime, is_expected: bool, is_past_deadline: bool) -> str:
    """Return the first state that fits; rows that may be a part of their day are partial."""
    parts = [look for look in looks if look.is_of_days and look.is_truncated]
    loaded = [look for look in looks if not look.hold and look not in parts]
    final = [look for look in loaded if look.captured_at and look.captured_at >= cutoff]
    if any(look.entries_seen and not look.is_truncated for look in final):
        return "loaded"
    if any(look.is_truncated for look in loaded):
        return "truncated"
    if any(look.entries_seen for look in loaded):
        return "open"
    if parts:
        return "partial"
    if final or (loaded and not is_expected):
        return "legit_empty"
    if any(look.hold for look in looks):
        return "held"
    if not is_expected:
        return "closed"
    return "missing" if is_past_deadline else "late"


def _count_coverage(
    days: Mapping[tuple[str, date], tuple[Any, ...]], papers: Mapping[str, list[Observation]]
) -> dict[tuple[str, str, date], tuple[Any, ...]]:
    """Return (days, expected, usable, complete, new papers) per day, week and month."""
    new: dict[tuple[str, date], int] = {}
    for seen in papers.values():
        listed: dict[str, date] = {}
        for one in seen:
            if one.is_of_list and one.day:
                first = listed.get(one.feed.feed_id, date.max)
                listed[one.feed.feed_id] = min(first, one.day)
        for first_day in listed.items():
            new[first_day] = new.get(first_day, 0) + 1
    rows: dict[tuple[str, str, date], list[int]] = {}
    for (feed_id, day), (state, _, _, _, is_complete, is_expected) in days.items():
        is_usable = is_expected and state in ("loaded", "open", "truncated", "partial")
        monday = day - timedelta(days=day.weekday())
        starts = {"day": day, "week": monday, "month": day.replace(day=1)}
        for grain, start in starts.items():
            row = rows.setdefault((feed_id, grain, start), [0] * 5)
            parts = (1, is_expected, is_usable, is_complete, new.get((feed_id, day), 0))
            for number, part in enumerate(parts):
                row[number] += part
    return {key: tuple(row) for key, row in rows.items()}
