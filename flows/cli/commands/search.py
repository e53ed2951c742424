"""The verb ``search``: its options, and what it prints."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING

import click

from flows.cli.known import find_topic
from flows.cli.listing import Listing, list_options, read_options, show_list
from flows.cli.nearest import near_names
from flows.cli.options import DateType
from flows.cli.paper_lines import paper_headings, paper_line

if TYPE_CHECKING:
    import duckdb

    from warehouse.search import Answer


@click.command(epilog="""Example: paperstrata search '"world models" robots' --since 2025-06-01""")
@click.argument("words", nargs=-1, required=True)
@click.option("--author", help="Words of the name of one author.")
@click.option("--topic", help="One topic, by id or name.")
@click.option("--since", type=DateType(), help="On a list (or published) on this date or later.")
@click.option("--any", "any_word", is_flag=True, help="Papers with one of the words, not all.")
@list_options(15)
@click.pass_context
def command(
    ctx: click.Context,
    words: tuple[str, ...],
    author: str | None,
    topic: str | None,
    since: date | None,
    any_word: bool,
    limit: int,
    form: str,
    as_json: bool,
    keep_formulas: bool,
) -> None:
    """Search papers by the words of title, abstract, authors and topics.

    The best come first: by relevance (BM25F), up to half as much again for new papers. Words in
    double quotes must stand together; quote the whole for the shell. Case, accents and plurals do
    not matter. In SQL: from mart.search('"world models" robots').
    """
    from config.settings import load_settings
    from warehouse.connection import open_published
    from warehouse.search import count_papers_by_word, search

    asked = " ".join(words)
    options = read_options(limit, form, as_json=as_json, keep_formulas=keep_formulas)
    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        topic_id = find_topic(connection, topic) if topic is not None else None
        answer = search(
            connection,
            asked,
            author=author,
            topic=topic_id,
            since=since,
            limit=limit,
            any_word=any_word,
        )
        counts = count_papers_by_word(connection, asked)
        filters = {"--author": author, "--topic": topic, "--since": since}
        given = [option for option, value in filters.items() if value is not None]
        notes = [] if answer.papers else _say_why(connection, counts, given, any_word)
    show_list(_listing(answer, notes), options, words=counts, papers_found=answer.papers_found)


def _listing(answer: "Answer", notes: list[str]) -> Listing:
    from warehouse.search import Found

    rows = [asdict(paper) for paper in answer.papers]
    lines = [
        paper_line(
            (paper.title, paper.paper_id), paper.paper_date, paper.votes, paper.primary_topic_id
        )
        for paper in answer.papers
    ]
    return Listing(
        "papers",
        [one.name for one in fields(Found)],
        [list(row.values()) for row in rows],
        answer.papers_found,
        paper_headings(),
        lines,
        notes,
    )


def _say_why(
    connection: "duckdb.DuckDBPyConnection",
    counts: Mapping[str, int],
    filters: Sequence[str],
    any_word: bool,
) -> list[str]:
    """Return a line for each word that no paper has, with near ones; else why nothing was found.

    ``counts`` are the papers that have a word, whatever the options ``filters`` leave out.
    """
    from warehouse.search import list_words

    if not counts:
        return ["no word to search for"]
    missing = [word for word, papers in counts.items() if not papers]
    known = list_words(connection) if missing else []
    notes = []
    for word in missing:
        near = near_names(word, known)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        notes.append(f"no paper has {word!r}{hint}")
    if not missing and (len(counts) > 1 or filters):
        what = "one of the words" if any_word else "all of it"
        fits = f" and fits {' and '.join(filters)}" if filters else ""
        shown = ", ".join(f"{word} {papers:,}" for word, papers in counts.items())
        advice = "" if any_word or len(counts) == 1 else " (--any: with one)"
        notes.append(f"no paper has {what}{fits}; papers with each word: {shown}{advice}")
    return notes
