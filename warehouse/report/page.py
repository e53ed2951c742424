"""The page: head, style, and its sections in the order in which people ask."""

from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from warehouse.files import temporary_beside
from warehouse.report.facts import Facts, Row, say_time
from warehouse.report.findings import show_history, show_sentence, show_wrong
from warehouse.report.history import Series
from warehouse.report.ledger import show_feeds, show_kept_out
from warehouse.report.parts import Html, count, element

TITLE = "paperstrata: quality report"


def render_page(
    series: Sequence[Series],
    facts: Facts,
    refused: Sequence[Row],
    written_at: datetime,
    data_docs: str | None = None,
) -> str:
    """Return the page; ``data_docs`` is the address of their first page, relative to ours."""
    body = element(
        "main",
        element("header", element("h1", TITLE), show_sentence(series), _show_holdings(facts)),
        _section("What is wrong", show_wrong(series)),
        _section("Feeds and their days", show_feeds(facts.feeds, facts.days)),
        _section("Kept out", show_kept_out([*refused, *facts.kept_out])),
        _section("Every check", show_history(series)),
        _show_footer(written_at, data_docs),
    )
    style = (files("warehouse") / "report" / "style.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n<style>\n{style}</style>\n</head>\n<body>\n{body}\n</body>\n"
        "</html>\n"
    )


def write_page(path: Path, page: str) -> None:
    """Put a page in its place at once, so that a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_beside(path)
    temporary.write_text(page, encoding="utf-8", errors="replace")
    temporary.rename(path)


def _section(title: str, content: Html) -> Html:
    return element("section", element("h2", title), content)


def _show_holdings(facts: Facts) -> Html:
    holdings = facts.holdings
    if holdings is None:
        return element("p", "Nothing has been published yet.")
    return element(
        "p",
        f"The published warehouse holds {count(holdings['papers'], 'paper')} from"
        f" {count(holdings['captures'], 'capture')}. It was published on"
        f" {say_time(holdings['published_at'])}; its newest look is from"
        f" {say_time(holdings['newest_captured_at'])}.",
    )


def _show_footer(written_at: datetime, data_docs: str | None) -> Html:
    link = element("a", "Data Docs of Great Expectations", href=data_docs) if data_docs else ""
    said = (
        f"Written on {say_time(written_at)}. A failed or broken critical check stops publishing;"
        " people go on querying the last good warehouse. A broken check could not run. "
    )
    return element("footer", said, link)
