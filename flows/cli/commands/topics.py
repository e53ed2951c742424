"""The verb ``topics``: its options, and what it prints."""

from pathlib import Path

import click

from flows.cli.options import GivenPath, output_option, refuse_output


@click.group(epilog="Example: paperstrata topics assign papers.jsonl --output topics.jsonl")
def command() -> None:
    """Assign topics to papers from anywhere."""


@command.command(
    "assign", epilog="Example: paperstrata topics assign papers.jsonl --output topics.jsonl"
)
@click.argument("papers", type=GivenPath(path_type=Path, exists=True, dir_okay=False))
@output_option
@click.pass_context
def assign(ctx: click.Context, papers: Path, output: Path | None, force: bool) -> None:
    """Assign topics to the papers of a file of JSON lines (id, title, abstract).

    Writes a line per paper, in the same order: id, primary_topic, topics (topic_id, score, method).
    Without --output they go to standard output. The warehouse is neither read nor changed.
    """
    from config.settings import load_settings
    from config.taxonomy import read_taxonomy
    from flows.cli.exit_codes import QueryError
    from flows.cli.output import as_json, say
    from flows.pipeline.assign_papers import assign_papers, read_papers
    from transforms.taxonomy import build_taxonomy
    from warehouse.files import temporary_beside

    settings = load_settings(ctx.obj["home"])
    if output:
        refuse_output(output, settings.home, is_forced=force)
    taxonomy = build_taxonomy(read_taxonomy(settings.overlay))
    answers = assign_papers(read_papers(papers), taxonomy)
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
