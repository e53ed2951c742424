"""Every format is listed, once, and asked for at least one kind of body."""

from dataclasses import fields
from importlib import import_module
from pkgutil import iter_modules

import transforms.parse.formats as package
from transforms.parse.formats.base import Format
from transforms.parse.formats.registry import FORMATS


def test_every_module_that_declares_a_format_is_listed_in_the_registry() -> None:
    modules = [
        import_module(f"{package.__name__}.{m.name}") for m in iter_modules(package.__path__)
    ]
    declared = {module.FORMAT.name for module in modules if hasattr(module, "FORMAT")}
    assert declared == set(FORMATS)


def test_every_format_is_asked_for_some_kind_of_body() -> None:
    kinds = [field.name for field in fields(Format) if field.name.startswith("from_")]
    for format_ in FORMATS.values():
        assert any(getattr(format_, kind) for kind in kinds), format_.name


def test_names_and_parser_versions_are_those_that_captures_are_stored_with() -> None:
    assert {name: format_.parser_version for name, format_ in FORMATS.items()} == {
        "arxiv_jsonl": "arxiv_jsonl/6",
        "arxiv_rss": "arxiv_rss/9",
        "atom": "atom/5",
        "hf_api": "hf_api/8",
        "hf_html": "hf_html/3+hf_api/8",
        "hf_search_text": "hf_search_text/5",
        "hf_weekly_text": "hf_weekly_text/6",
        "oai": "oai/6",
        "rss": "rss/8",
        "table": "table/7",
    }
