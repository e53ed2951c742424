"""The page: its sections in the order in which people ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from warehouse.counted import say_count
from warehouse.files import half_beside, naming
from warehouse.report.facts import Facts, Row, say_time
from warehouse.report.findings import (
    CHECK_LEGEND,
    describe_history,
    find_wrong,
    judge,
    note_unjudged,
)
from warehouse.report.history import SHOWN_RUNS, Series
from warehouse.report.ledger import describe_feeds, describe_kept_out
from warehouse.report.marks import mark_bytes
from warehouse.report.notes import list_notes
from warehouse.report.over_time import describe_over_time
from warehouse.report.rendering import render

TITLE = "paperstrata: quality report"


@dataclass(frozen=True)
class DataDocs:
    """Where the Data Docs begin, relative to the page, and when they were made (naive UTC)."""

    address: str
    made_at: datetime


def render_page(
    series: Sequence[Series],
    facts: Facts,
    refused: Sequence[Row],
    written_at: datetime,
    data_docs: DataDocs | None = None,
    program: str = "paperstrata",
    fetchable: Collection[str] = (),
    site: str | None = None,
) -> str:
    """Return the page; ``program`` is how a command for this home begins, ``fetchable`` are the
    feeds whose past can be looked at, ``site`` the first page of the site that it is a part of.
    """
    from markupsafe import Markup

    style = (files("warehouse") / "report" / "style.css").read_text(encoding="utf-8")
    return render(
        "quality.html.j2",
        title=TITLE,
        style=Markup(style),  # noqa: S704 - a file of ours
        verdict=judge(series),
        holdings=_say_holdings(facts),
        checked=_say_checked(series),
        findings=find_wrong(series, program, fetchable, facts.day_captures),
        notes=[
            *note_unjudged(series, program),
            *list_notes(facts, refused, program, fetchable),
        ],
        feeds=describe_feeds(facts.feeds, facts.days),
        kept_out=describe_kept_out([*refused, *facts.kept_out]),
        over_time=describe_over_time(facts.over_time, facts.grain, *facts.span),
        history=describe_history(series),
        check_legend=CHECK_LEGEND,
        shown_runs=SHOWN_RUNS,
        written_at=say_time(written_at),
        data_docs=data_docs and data_docs.address,
        documented_at=data_docs and say_time(data_docs.made_at),
        site=site,
    )


def write_page(path: Path, page: str) -> None:
    """Put a page in its place at once, so that a reader sees the old one or the new one; it bears
    its checksum.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with half_beside(path) as half:
        with naming(half):
            half.write_bytes(mark_bytes(page.encode(errors="replace")))
        half.rename(path)


def _say_holdings(facts: Facts) -> str:
    holdings = facts.holdings
    if holdings is None:
        return "Nothing has been published yet."
    return (
        f"The published warehouse holds {say_count(holdings['papers'], 'paper')} from"
        f" {say_count(holdings['captures'], 'capture')}. It was published on"
        f" {say_time(holdings['published_at'])}; its newest look is from"
        f" {say_time(holdings['newest_captured_at'])}."
    )


def _say_checked(series: Sequence[Series]) -> str:
    if not series:
        return ""
    return f"Checked on {say_time(max(one.last.checked_at for one in series))}."
