"""What ``trends --papers`` prints: the papers with more votes than is usual at their age."""

from typing import TYPE_CHECKING

from flows.cli.paper_lines import show_gain
from warehouse.counted import say_usual

if TYPE_CHECKING:
    import duckdb

FORMULA = "ln((1 + votes) / (1 + usual votes at that age)) - ln(2) * age in days / 7"


def show_climbing(
    connection: "duckdb.DuckDBPyConnection", feed: str | None, limit: int, *, as_json: bool
) -> None:
    """Print the papers of each daily list by their score, with its parts and its formula."""
    from flows.cli.output import say, say_wrapped, show_json, show_table
    from warehouse.trend_answers import read_climbing

    papers = read_climbing(connection, feed, limit)
    if as_json:
        show_json({"score": FORMULA, "papers": papers})
        return
    if not papers:
        say("no paper with votes was at most 30 days old at the newest look of its daily list")
        return
    for feed_id in dict.fromkeys(paper["feed_id"] for paper in papers):
        say_wrapped(
            f"{feed_id}: papers at most 30 days old at its newest look, by {FORMULA};"
            " usual (of): the median of so many papers at that age"
        )
        show_table(
            ("", "paper", "votes", "usual (of)", "age", "gained", "score"),
            [
                (
                    paper["rank"],
                    f"{paper['title']} ({paper['paper_id']})",
                    paper["votes"],
                    f"{say_usual(paper['votes_usual'])} ({paper['papers_of_age']})",
                    f"{paper['age_days']} d",
                    show_gain(paper["gained"], paper["gained_in_hours"]),
                    f"{paper['score']:.2f}",
                )
                for paper in papers
                if paper["feed_id"] == feed_id
            ],
        )
