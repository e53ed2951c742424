"""The quality checks: each, how bad its failure is, and what is expected of its frame."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Limits = Mapping[str, float]
"""The settings of the quality layer by name; shares are 0..1."""

CRITICAL = "critical"
WARNING = "warning"

_RECENT = "in (select capture_id from judged_capture where is_recent)"


@dataclass(frozen=True)
class Range:
    """Every value of a column lies between two numbers, both included; None is no bound."""

    column: str
    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class QualityCheck:
    """One check: its query beside this module gives a frame, expectations check the columns."""

    check_id: str
    severity: str
    row: str
    """What one row of the frame is."""
    keys: tuple[str, ...]
    """The columns that name a row; a column ``not_judged`` says why a row cannot be judged."""
    basis: str
    """The rows that the frame is about, as they stand after ``from``: while there are any, an empty
    frame means that the query is wrong."""
    expected: str
    """What should be, with the limits by name."""
    found: str
    """What a row that is not as expected says, with its columns by name."""
    expectations: Callable[[Limits], list[Any]]
    """Ranges, or expectations of Great Expectations of a column."""


def _between(
    column: str, lowest: str | float | None, highest: str | float | None
) -> Callable[[Limits], Range]:
    """Return the maker of one range; a bound is a number or the name of a limit."""
    return lambda limits: Range(column, _bound(lowest, limits), _bound(highest, limits))


def _bound(bound: str | float | None, limits: Limits) -> float | None:
    return limits[bound] if isinstance(bound, str) else bound


def _all(*makers: Callable[[Limits], Range]) -> Callable[[Limits], list[Range]]:
    return lambda limits: [make(limits) for make in makers]


def _volume(limits: Limits) -> list[Range]:
    bound = limits["volume_deviations"]
    return [Range("deviation", -bound, bound)]


QUALITY_CHECKS = (
    QualityCheck(
        "volume_is_usual",
        WARNING,
        "day",
        ("feed_id", "feed_date"),
        "core.feed_day where is_expected and state in ('loaded', 'open')",
        "papers of a recent day within {volume_deviations:g} robust deviations of the days before",
        "{papers:,} papers, where the {days_before} days before it make {usual_papers:,.0f}"
        " usual: {deviation:+.1f} robust deviations",
        _volume,
    ),
    QualityCheck(
        "feeds_are_fresh",
        WARNING,
        "feed",
        ("feed_id",),
        "raw.capture where kind = 'daily_list' and state = 'loaded'",
        "newest look of a daily list at most {freshness_hours_warning} hours old",
        "known up to {fresh_at:.16} UTC, {hours_old:,.0f} hours ({days_old:,.1f} days)"
        " before this check",
        # an hour for clocks that disagree; more is a look from the future
        _all(_between("hours_old", -1, "freshness_hours_warning")),
    ),
    QualityCheck(
        "recent_days_are_complete",
        WARNING,
        "feed",
        ("feed_id",),
        "core.feed_day where is_expected",
        "at most {missing_days_warning} expected days of the last {recent_days} in the ledger"
        " missing, held, overdue or lost to an outage",
        "{gap_days} of {expected_days} expected days from {first_date} to {last_date}",
        _all(_between("gap_days", 0, "missing_days_warning")),
    ),
    QualityCheck(
        "history_is_complete",
        WARNING,
        "feed",
        ("feed_id",),
        "core.feed_day where is_expected",
        "at most {missing_share_warning:.1%} of all expected days missing, held, overdue or lost"
        " to an outage",
        "{gap_days:,} of {expected_days:,} expected days ({gap_share:.1%}), the longest run"
        " {longest_gap}",
        _all(_between("gap_share", 0, "missing_share_warning")),
    ),
    QualityCheck(
        "lists_differ_from_the_one_before",
        WARNING,
        "day",
        ("feed_id", "feed_date"),
        "core.feed_day where papers > 0",
        "no list shows just the papers of the list before it",
        "the same {papers} papers as the list of {date_before}",
        _all(_between("same_lists", 0, 0)),
    ),
    QualityCheck(
        "no_capture_is_held",
        WARNING,
        "reason",
        ("feed_id", "reason"),
        "raw.capture",
        "no capture held, other than by a decision",
        "{held_captures} held",
        _all(_between("held_captures", 0, 0)),
    ),
    QualityCheck(
        "latest_load_is_accepted",
        CRITICAL,
        "feed",
        ("feed_id",),
        "raw.capture",
        "at most {reject_share_critical:.1%} of a feed's entries rejected in the latest load",
        "{rejected:,} of {entries:,} entries rejected ({reject_share:.1%}), most often for"
        " {commonest_rule}",
        _all(_between("reject_share", 0, "reject_share_critical")),
    ),
    QualityCheck(
        "few_entries_are_rejected",
        WARNING,
        "feed",
        ("feed_id",),
        "raw.capture",
        "at most {reject_share_warning:.1%} of a feed's recent entries rejected",
        "{rejected:,} of {entries:,} entries rejected ({reject_share:.1%})",
        _all(_between("reject_share", 0, "reject_share_warning")),
    ),
    QualityCheck(
        "latest_load_has_abstracts",
        CRITICAL,
        "feed",
        ("feed_id",),
        "raw.entry",
        "at most {null_abstract_share_critical:.1%} of entries without an abstract in the latest"
        " load of a feed that used to show them",
        "{nulls:,} of {entries:,} entries without an abstract ({lost_share:.1%}), before"
        " {nulls_before:,} of {entries_before:,}",
        _all(_between("lost_share", 0, "null_abstract_share_critical")),
    ),
    QualityCheck(
        "values_are_there",
        WARNING,
        "field",
        ("feed_id", "field"),
        f"raw.entry where capture_id {_RECENT}",
        "at most {null_share_warning:.1%} of a feed's recent entries without abstract, authors,"
        " publication date or votes, where it shows them",
        "{nulls:,} of {entries:,} entries without it ({lost_share:.1%})",
        _all(_between("lost_share", 0, "null_share_warning")),
    ),
    QualityCheck(
        "votes_are_never_negative",
        CRITICAL,
        "feed",
        ("feed_id",),
        "raw.entry where votes is not null",
        "no votes below 0",
        "lowest votes {lowest_votes:,}, of {example_id}",
        _all(_between("lowest_votes", 0, None)),
    ),
    QualityCheck(
        "votes_are_plausible",
        WARNING,
        "feed",
        ("feed_id",),
        f"raw.entry where votes is not null and capture_id {_RECENT}",
        "median of a feed's recent votes between {lowest_median_votes:g} and"
        " {highest_median_votes:g}, none above {highest_votes:,}",
        "median {median_votes:g} and highest {highest_votes:,} of the votes of {entries:,} entries",
        _all(
            _between("median_votes", "lowest_median_votes", "highest_median_votes"),
            _between("highest_votes", 0, "highest_votes"),
        ),
    ),
    QualityCheck(
        "votes_do_not_fall",
        WARNING,
        "look",
        ("feed_id", "paper_id", "captured_at"),
        f"core.paper_metric where votes is not null and capture_id {_RECENT}",
        "no paper loses {votes_fall_least} votes and more than {votes_fall_share_warning:.1%} of"
        " them from one look to the next",
        "from {votes_before:,.0f} votes to {votes:,.0f}, a fall of {fall_share:.1%}",
        _all(_between("fall_share", None, "votes_fall_share_warning")),
    ),
    QualityCheck(
        "abstracts_have_usual_length",
        WARNING,
        "feed",
        ("feed_id",),
        f"raw.entry where content_key is not null and capture_id {_RECENT}",
        "median of a feed's recent abstracts between {shortest_median_abstract} and"
        " {longest_median_abstract:,} characters, at most {short_abstract_share_warning:.1%} of"
        " them under {shortest_abstract}",
        "median {median_length:,.0f} characters, {short_share:.1%} of {entries:,} abstracts"
        " too short",
        _all(
            _between("median_length", "shortest_median_abstract", "longest_median_abstract"),
            _between("short_share", 0, "short_abstract_share_warning"),
        ),
    ),
    QualityCheck(
        "fields_are_as_known",
        WARNING,
        "field",
        ("feed_id", "drift", "field"),
        "raw.capture",
        "no new and no vanished source field in a recent capture",
        "in {drifted_captures:,} captures with {entries:,.0f} entries",
        _all(_between("drifted_captures", 0, 0)),
    ),
    QualityCheck(
        "few_papers_wait_for_review",
        WARNING,
        "warehouse",
        (),
        "core.paper_alias",
        "at most {review_share_warning:.1%} of identities share a key with several papers, or a"
        " title with a paper of another abstract",
        "{waiting:,} of {identities:,} identities ({review_share:.1%})",
        _all(_between("review_share", 0, "review_share_warning")),
    ),
    QualityCheck(
        "ids_keep_their_title",
        WARNING,
        "row",
        ("source_id",),
        "raw.entry where source_id is not null",
        "any two titles of an id share at least {title_likeness_warning:.1%} of their words",
        "two titles share {likeness:.1%} of their words",
        _all(_between("likeness", "title_likeness_warning", 1)),
    ),
    QualityCheck(
        "corrections_are_in_force",
        WARNING,
        "correction",
        ("correction_id",),
        "core.correction",
        "the guard of every correction holds: the sources still say what it corrects",
        "the sources say {observed}",
        _all(_between("expired", 0, 0)),
    ),
)
