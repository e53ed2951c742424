"""Templates to text: what comes from outside is escaped for the form that is written."""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.out import sentences
from warehouse.news_values import Paper
from warehouse.report.compiled import compiled_templates
from warehouse.visible import on_one_line

_MEANING_IN_MARKDOWN = re.compile(
    r"[\\`*_\[\]<>~|$]|&(?=[#\w]+;)"
    # at the beginning of a line: headings and lists
    r"|^[#+=-]|(?:(?<=^\d)|(?<=^\d\d)|(?<=^\d{3})|(?<=^\d{4}))[.)]"
)


def render(template: str, **values: Any) -> str:
    """Return a text of a template whose name says its form: ``digest.md.j2`` is Markdown.

    In Markdown and plain text every value is one line; in all forms nothing steers a terminal.
    """
    form = template.removesuffix(".j2").rpartition(".")[2]
    return _environment(form).get_template(template).render(**values)


def escape_markdown(text: str) -> str:
    """Return a text on one line of which Markdown takes nothing for its own signs."""
    return _MEANING_IN_MARKDOWN.sub(r"\\\g<0>", on_one_line(text))


def link(url: str) -> str:
    """Return an address without a character that would end it in Markdown or in HTML."""
    return quote(url, safe=":/?#@!$&'*+,;=%~")


class Raw(str):
    """Text of ours, that is written as it is."""

    __slots__ = ()


@cache
def _environment(form: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("flows", "out/templates"),
        autoescape=form == "html",  # noqa: S701 - Markdown and text have escapes of their own
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(_as_shown, _ESCAPES[form]),
        bytecode_cache=compiled_templates(),
        auto_reload=False,
    )
    said = {name: getattr(sentences, name) for name in dir(sentences) if name.startswith("say_")}
    environment.globals.update(said, name_paper=_NAMES[form])
    environment.filters["raw"] = Markup if form == "html" else Raw
    environment.filters["bold"] = lambda text: Markup("<b>{}</b>").format(on_one_line(text))
    return environment


def _name_in_html(paper: Paper) -> Markup:
    title = on_one_line(paper.title)
    if paper.url is None:
        return Markup("{}").format(title)
    return Markup('<a href="{}" style="color:#1d4ed8">{}</a>').format(link(paper.url), title)


def _name_in_markdown(paper: Paper) -> Raw:
    title = escape_markdown(paper.title)
    return Raw(title if paper.url is None else f"[{title}]({link(paper.url)})")


def _name_in_text(paper: Paper) -> Raw:
    title = on_one_line(paper.title)
    return Raw(title if paper.url is None else f"{title} <{link(paper.url)}>")


_ESCAPES: Final[Mapping[str, Callable[[str], str]]] = {
    "html": on_one_line,  # Jinja escapes what this returns
    "md": escape_markdown,
    "txt": on_one_line,
}
_NAMES: Final[Mapping[str, Callable[[Paper], str]]] = {
    "html": _name_in_html,
    "md": _name_in_markdown,
    "txt": _name_in_text,
}


def _as_shown(escape: Callable[[str], str], value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, Markup | Raw):
        return value
    return escape(str(value))
