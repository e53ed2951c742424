"""Validators of feeds: the grammar of Atom (RFC 4287), and JSON Feed 1.1 as JSON Schema."""

import json
from functools import cache
from pathlib import Path

import jsonschema
from lxml import etree

_FOLDER = Path(__file__).parents[2] / "schemas"


def assert_atom(body: bytes) -> etree._Element:
    """Return the document of a valid feed, in which no id stands twice."""
    document = etree.fromstring(body, etree.XMLParser(resolve_entities=False))
    _grammar().assertValid(document)
    ids = document.xpath("//*[local-name() = 'id']/text()")
    assert len(ids) == len(set(ids))
    return document


def assert_json_feed(body: bytes) -> dict[str, object]:
    """Return the document of a valid feed, in which no id stands twice."""
    document = json.loads(body)
    schema = json.loads((_FOLDER / "json_feed.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema)
    ids = [item["id"] for item in document["items"]]
    assert len(ids) == len(set(ids))
    return dict(document)


@cache
def _grammar() -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(_FOLDER / "atom.rng"))
