"""All formats, in the order in which they are asked: the general ones of each kind last."""

from typing import Any, Final

from transforms.parse.formats import (
    arxiv_jsonl,
    arxiv_rss,
    atom,
    hf_api,
    hf_html,
    hf_search_text,
    hf_weekly_text,
    oai,
    rss,
    table,
)
from transforms.parse.formats.base import Format

_IN_ORDER: tuple[Format[Any], ...] = (
    hf_api.FORMAT,
    hf_html.FORMAT,
    hf_search_text.FORMAT,
    hf_weekly_text.FORMAT,
    oai.FORMAT,
    arxiv_rss.FORMAT,
    atom.FORMAT,
    rss.FORMAT,
    arxiv_jsonl.FORMAT,
    table.FORMAT,
)

FORMATS: Final = {format_.name: format_ for format_ in _IN_ORDER}
