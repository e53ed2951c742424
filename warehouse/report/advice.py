"""What is wrong where a check fails, in plain words, and what to do: a sentence and commands."""

import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_SHOWN = 3
_LOOKS = ("backfill", "fetch")
_OF_THE_FEED = ("captures list --feed {feed_id}",)
_OF_THE_DAY = ("captures list --feed {feed_id} --date {feed_date}",)
_OURS = "This is an error of ours: what is published is derived anew, and compared."


@dataclass(frozen=True)
class Advice:
    """``wrong`` is a clause; ``commands`` are filled with the columns of the failing rows."""

    wrong: str
    mend: str
    commands: tuple[str, ...] = ()


ADVICE: Final[Mapping[str, Advice]] = {
    "volume_is_usual": Advice(
        "the list of a recent day has far fewer or far more papers than usual",
        "Compare the captures of the day with the page of the source; look at the day once more if"
        " a part is missing.",
        (*_OF_THE_DAY, "fetch {feed_id} --date {feed_date}"),
    ),
    "feeds_are_fresh": Advice(
        "the newest look at a daily list is too old",
        "See whether the schedule runs, and take the look now.",
        ("daily", "status"),
    ),
    "recent_days_are_complete": Advice(
        "recent days are missing",
        "Look at them as long as the source still shows them.",
        ("backfill {feed_id} --from {first_date} --to {last_date}",),
    ),
    "history_is_complete": Advice(
        "a large part of the history is missing",
        "Fill it where the source still shows the past: the status has the days.",
        ("status",),
    ),
    "lists_differ_from_the_one_before": Advice(
        "a list shows just the papers of the list before it",
        "The source, or who kept its pages, served an old page: retract the captures of the wrong"
        " day, then look at it again.",
        (*_OF_THE_DAY, "fetch {feed_id} --date {feed_date}"),
    ),
    "no_capture_is_held": Advice(
        "captures are held and wait for a decision",
        "Release those that are right, restate those of another day, hold for good those that are"
        " not: the list has their reasons.",
        ("captures list --feed {feed_id} --state held", "captures show {example_capture_id}"),
    ),
    "latest_load_is_accepted": Advice(
        "too many entries of the latest load were rejected",
        "The source has changed its format, or the captures are of another kind: see the reasons.",
        ("rejects list", "captures show {example_capture_id}"),
    ),
    "few_entries_are_rejected": Advice(
        "many recent entries were rejected",
        "See the reasons; a changed format of the source needs a changed parser.",
        ("rejects list",),
    ),
    "latest_load_has_abstracts": Advice(
        "the latest load has lost its abstracts",
        "The source has renamed or dropped the field: see the fields below, and the captures.",
        _OF_THE_FEED,
    ),
    "values_are_there": Advice(
        "many recent entries lack a value that the feed usually shows",
        "The source has renamed or dropped a field: see the fields below, and the captures.",
        _OF_THE_FEED,
    ),
    "votes_are_never_negative": Advice("votes below 0 were accepted", _OURS, ("rebuild", "verify")),
    "votes_are_plausible": Advice(
        "the recent votes of a feed are far from what votes are",
        "Another number may stand in the field of the votes: compare a capture with its page.",
        _OF_THE_FEED,
    ),
    "votes_do_not_fall": Advice(
        "papers have lost many of their votes from one look to the next",
        "A look may be dated wrongly, or the source has taken votes back: compare both looks.",
        _OF_THE_FEED,
    ),
    "abstracts_have_usual_length": Advice(
        "the recent abstracts of a feed are far shorter or longer than abstracts are",
        "Abstracts may be cut, or another text stands in their field: compare a capture with its"
        " page.",
        _OF_THE_FEED,
    ),
    "fields_are_as_known": Advice(
        "a source shows fields that are new, or no longer shows some",
        "Nothing is lost: captures are kept whole. A field that matters needs a changed parser.",
        _OF_THE_FEED,
    ),
    "few_papers_wait_for_review": Advice(
        "many papers may be one, and cannot be told apart by what is known",
        "Decide by same_as or keep_apart in corrections.toml; core.match_edge has the pairs.",
        ("sql \"from core.match_edge where decision = 'review' limit 20\"",),
    ),
    "ids_keep_their_title": Advice(
        "one id has two quite different titles",
        "One of the captures has mixed up its rows, or the paper was renamed: compare both.",
        ("captures show {example_capture_id}", "captures show {other_capture_id}"),
    ),
    "corrections_are_in_force": Advice(
        "a correction has expired: the source no longer says what it corrects",
        "Take it out of corrections.toml, or write it anew.",
    ),
    "data_docs_are_written": Advice(
        "the Data Docs could not be written",
        "The checks themselves ran. See whether the disk is full, then check again.",
        ("quality",),
    ),
    "captures_are_accounted_for": Advice(
        "captures that landed are not accounted for", _OURS, ("rebuild", "verify")
    ),
    "counts_stay_within_totals": Advice(
        "counts of topics or periods exceed their totals", _OURS, ("rebuild", "verify")
    ),
    "entries_add_up": Advice(
        "entries seen are not accepted, rejected and held together", _OURS, ("rebuild", "verify")
    ),
    "keys_are_unique": Advice("a key stands in two rows", _OURS, ("rebuild", "verify")),
    "periods_add_up": Advice(
        "periods do not hold what their days hold", _OURS, ("rebuild", "verify")
    ),
    "references_are_whole": Advice(
        "a row refers to one that is not there", _OURS, ("rebuild", "verify")
    ),
    "topics_have_evidence": Advice(
        "a topic is assigned without words that say so", _OURS, ("rebuild", "verify")
    ),
    "versions_do_not_overlap": Advice(
        "two versions of a paper hold at one time", _OURS, ("rebuild", "verify")
    ),
}
"""By check; a check of an older version may lack one."""


def advise(check_id: str) -> Advice:
    """Return the advice for a check that failed."""
    named = check_id.replace("_", " ")
    return ADVICE.get(check_id, Advice(f"the check \u201c{named}\u201d failed", "See the rows."))


def fill_commands(
    advice: Advice,
    rows: Iterable[Mapping[str, Any]],
    program: str,
    fetchable: Collection[str],
) -> Sequence[str]:
    """Return the commands for the first failing rows, as they run in a shell.

    ``fetchable`` are the feeds whose past can be looked at: of others no look is told.
    """
    found: dict[str, None] = {}
    for row in rows:
        quoted = {name: shlex.quote(str(value)) for name, value in row.items() if value is not None}
        is_asked = row.get("feed_id") in fetchable
        for command in advice.commands:
            if command.startswith(_LOOKS) and not is_asked:
                continue
            try:
                found[f"{program} {command.format_map(quoted)}"] = None
            except KeyError:  # the row lacks what it names
                continue
        if len(found) >= _SHOWN:
            break
    plain = (command for command in advice.commands if "{" not in command)
    return list(found) or [f"{program} {command}" for command in plain]
