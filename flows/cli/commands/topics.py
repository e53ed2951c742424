"""The verb ``topics``: its options, and what it prints."""

import sys
from contextlib import ExitStack
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.known import check_feed, find_topic
from flows.cli.listing import Listing, list_options, read_options, show_list
from flows.cli.nearest import NamingGroup
from flows.cli.options import GivenPath, json_option, output_option, refuse_output

if TYPE_CHECKING:
    from flows.pipeline.check_topics import Changes, LabelFile
    from flows.pipeline.suggest_topics import Suggestion, Suggestions
    from warehouse.lists import ListedTopic


_SPELLINGS_SHOWN = 4


@click.group(
    cls=NamingGroup,
    invoke_without_command=True,
    epilog="Example: paperstrata topics assign papers.jsonl --output topics.jsonl",
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the topics; assign them to papers from anywhere; check and complete their dictionary."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_topics)


@command.command("list", epilog="Example: paperstrata topics list world-models")
@click.argument("topics", nargs=-1)
@list_options(None)
@click.pass_context
def list_topics(
    ctx: click.Context,
    topics: tuple[str, ...] = (),
    limit: int | None = None,
    form: str = "table",
    as_json: bool = False,
    keep_formulas: bool = False,
) -> None:
    """List the topics with their papers and what they match; of TOPICS, by id or name, all of it.

    Acronyms come first; "title: PHRASE" counts in titles alone; a weak phrase, in brackets,
    supports a topic and assigns none alone.
    """
    from config.settings import load_settings
    from warehouse import lists
    from warehouse.connection import open_published

    options = read_options(limit, form, as_json=as_json, keep_formulas=keep_formulas)
    with open_published(load_settings(ctx.obj["home"]).home.published) as connection:
        asked = [find_topic(connection, topic) for topic in topics]
        found = lists.list_topics(connection, asked or None)
    shown = [asdict(topic) for topic in options.cut(found)]
    spellings = None if asked else _SPELLINGS_SHOWN
    listing = Listing(
        "topics",
        [one.name for one in fields(lists.ListedTopic)],
        [list(row.values()) for row in shown],
        len(found),
        ("topic", "name", "papers", "matches"),
        [(t.topic_id, t.name, t.papers, _matches(t, spellings)) for t in options.cut(found)],
    )
    show_list(listing, options)


def _matches(topic: "ListedTopic", limit: int | None) -> str:
    """Return the spellings of a topic, acronyms first, at most so many and how many more."""
    weak = [f"({phrase})" for phrase in topic.weak_phrases]
    of_titles = [f"title: {phrase}" for phrase in topic.title_phrases]
    spellings = [*topic.acronyms, *topic.phrases, *of_titles, *weak]
    shown = ", ".join(spellings[:limit])
    more = len(spellings) - len(spellings[:limit])
    return f"{shown}, and {more} more" if more else shown


@command.command(
    "assign", epilog="Example: paperstrata topics assign papers.jsonl --output topics.jsonl"
)
@click.argument(
    "papers", type=GivenPath(path_type=Path, exists=True, dir_okay=False, allow_dash=True)
)
@output_option
@click.pass_context
def assign(ctx: click.Context, papers: Path, output: Path | None, force: bool) -> None:
    """Assign topics to the papers of a file of JSON lines (id, title, abstract).

    The file - is standard input.

    Writes a line per paper, in the same order: id, primary_topic, topics (topic_id, score, method).
    Without --output they go to standard output. The warehouse is neither read nor changed.
    """
    from config.settings import load_settings
    from config.taxonomy import read_taxonomy
    from flows.cli.exit_codes import QueryError
    from flows.cli.output import as_json, say
    from flows.pipeline.assign_papers import assign_papers, read_lines, read_papers
    from transforms.taxonomy import build_taxonomy
    from warehouse.files import temporary_beside

    settings = load_settings(ctx.obj["home"])
    if output:
        refuse_output(output, settings.home, is_forced=force)
    taxonomy = build_taxonomy(read_taxonomy(settings.overlay))
    is_piped = str(papers) == "-"
    read = read_lines(sys.stdin.buffer, "standard input") if is_piped else read_papers(papers)
    answers = assign_papers(read, taxonomy)
    if output is None:
        for answer in answers:
            say(as_json(answer))
        return
    beside = temporary_beside(output)
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.writelines(as_json(answer) + "\n" for answer in answers)
        beside.rename(output)
    except OSError as error:
        raise QueryError(f"--output {output}: {error.strerror or error}") from error
    finally:
        beside.unlink(missing_ok=True)


@command.command("check", epilog="Example: paperstrata topics check topics.yaml --labels dev.jsonl")
@click.argument(
    "topics",
    required=False,
    type=GivenPath(path_type=Path, exists=True, dir_okay=False),
)
@click.option(
    "--labels",
    multiple=True,
    type=GivenPath(path_type=Path, exists=True, dir_okay=False),
    help="JSON lines with title, abstract, gold (topics): how well topics agree (too well on labels"
    " that the weights were learned from); may be repeated.",
)
@json_option
@click.pass_context
def check(ctx: click.Context, topics: Path | None, labels: tuple[Path, ...], as_json: bool) -> None:
    """Check a topic dictionary, and show what it would change before it is used.

    TOPICS is a file in the form of topics.yaml; without it, the one in use is checked. Nothing is
    changed: copy the file into the folder of the configuration, and the next run assigns all papers
    anew and publishes that at once.
    """
    from config.settings import load_settings
    from config.taxonomy import read_taxonomy, read_taxonomy_file
    from flows.cli.exit_codes import Code, ExitCode
    from flows.cli.output import show_json
    from flows.pipeline.check_topics import compare, find_mistakes, measure_labels
    from transforms.taxonomy import build_taxonomy
    from warehouse.connection import open_published

    settings = load_settings(ctx.obj["home"])
    in_use = read_taxonomy(settings.overlay)
    declared = read_taxonomy_file(topics) if topics else in_use
    checked = build_taxonomy(declared)
    agreements = measure_labels(labels, build_taxonomy(in_use), checked)
    with ExitStack() as stack:
        path = settings.home.published
        connection = stack.enter_context(open_published(path)) if path.exists() else None
        mistakes = find_mistakes(declared, checked, connection)
        changes = compare(connection, checked) if connection else None
    if as_json:
        show_json(
            {
                "version": checked.version,
                "mistakes": mistakes,
                "changes": asdict(changes) if changes else None,
                "labels": [asdict(one) for one in agreements],
            }
        )
    else:
        _show_check(checked.version, mistakes, changes, agreements)
    if mistakes or (changes and changes.faults):
        raise ExitCode(Code.PROBLEMS)


def _show_check(
    version: str, mistakes: list[str], changes: "Changes | None", agreements: "list[LabelFile]"
) -> None:
    from flows.cli.output import say, show_table

    for problem in [*mistakes, *(changes.faults if changes else ())]:
        say(problem)
    if changes is None:
        say("no warehouse yet: there is no assignment to compare with")
    else:
        say(
            f"{changes.published_version} to {version}: {changes.changed_papers:,} of"
            f" {changes.papers:,} papers change; without a topic"
            f" {changes.unassigned_before:,}, then {changes.unassigned_after:,}"
        )
        if changes.unknown_examples:
            say(f"examples that are not in the warehouse: {', '.join(changes.unknown_examples)}")
    if changes and changes.topics:
        rows = [
            (one.topic_id, one.before, one.after, one.gained, one.lost) for one in changes.topics
        ]
        show_table(("topic", "before", "after", "gained", "lost"), rows)
    if agreements:
        columns = ("labels", "papers", "F1 in use", "F1", "hit@3 in use", "hit@3")
        show_table(
            columns,
            [
                (
                    one.path,
                    one.checked.papers,
                    f"{one.in_use.f1:.3f}",
                    f"{one.checked.f1:.3f}",
                    f"{one.in_use.hit_at_3:.3f}",
                    f"{one.checked.hit_at_3:.3f}",
                )
                for one in agreements
            ],
        )


@command.command("suggest", epilog="Example: paperstrata topics suggest --days 60")
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    default=90,
    help="The newest days, held against those before.",
)
@click.option("--feed", help="One feed; without it, all daily lists.")
@click.option("--limit", type=click.IntRange(1), default=15, help="How many phrases of each kind.")
@json_option
@click.pass_context
def suggest(ctx: click.Context, days: int, feed: str | None, limit: int, as_json: bool) -> None:
    """Propose phrases for the topic dictionary, with the papers behind each.

    Two kinds: phrases that rose in the newest days, and phrases that papers share in which no
    spelling of the dictionary names a topic. Phrases that it has already are left out. The newest
    50,000 papers are looked at.
    """
    from flows.cli.output import show_json
    from flows.pipeline.suggest_topics import suggest as propose
    from flows.workspace import Workspace
    from warehouse.connection import open_published

    workspace = Workspace.open(ctx.obj["home"])
    check_feed(feed, workspace.feeds)
    with open_published(workspace.settings.home.published, is_current=True) as connection:
        found = propose(connection, workspace.taxonomy, days, feed, limit)
    if as_json:
        show_json(asdict(found))
    else:
        _show_suggestions(found)


def _show_suggestions(found: "Suggestions") -> None:
    from flows.cli.output import is_narrower_than, say, show_table

    # ids are whole on a narrow terminal, which has no room for titles
    is_narrow = is_narrower_than(110)
    groups = (
        (f"papers since {found.since}", found.recent_papers, found.rising),
        ("papers in which no spelling names a topic", found.unnamed_papers, found.unnamed),
    )
    for group, count, phrases in groups:
        say(f"{group}: {count:,} of {found.papers:,}")
        if not phrases:
            say("no phrase that they use more than the others, beyond chance")
            continue
        columns = ("phrase", "papers", "others", "log odds, at least", "such as", "title")
        rows = [
            (one.phrase, one.papers, one.others, f"{one.low:.2f}", *_show_papers(one, is_narrow))
            for one in phrases
        ]
        show_table(columns[:5] if is_narrow else columns, rows)


def _show_papers(suggestion: "Suggestion", is_narrow: bool) -> tuple[str, ...]:
    if is_narrow:
        return (suggestion.papers_behind[0].paper_id,)
    ids = ", ".join(paper.paper_id for paper in suggestion.papers_behind[:2])
    return ids, suggestion.papers_behind[0].title
