"""What a taxonomy file must hold: every value there and of its type."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from config.settings import ConfigError
from config.taxonomy import check_topics, read_taxonomy
from tests.taxonomies import small_document


def refusal(change: dict[str, Any], topic: int | None = 1) -> str:
    """The message with which a document is refused whose topic (or whole) is changed so."""
    document = deepcopy(small_document())
    (document if topic is None else document["topics"][topic]).update(change)
    with pytest.raises(ConfigError) as refused:
        check_topics(document)
    return str(refused.value)


def test_a_missing_version_is_refused():
    document = small_document()
    del document["version"]
    with pytest.raises(ConfigError, match="taxonomy: 'version' is missing"):
        check_topics(document)


def test_a_missing_section_is_refused():
    document = small_document()
    del document["fields"]
    with pytest.raises(ConfigError, match="taxonomy: 'fields' is missing"):
        check_topics(document)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": 7}, "topic 'memory': 'name' must be text, not 7"),
        ({"name": " "}, "topic 'memory': 'name' is empty"),
        ({"aliases": "memory"}, "topic 'memory': 'aliases' must be a list, not 'memory'"),
        ({"aliases": None}, "topic 'memory': 'aliases' must be a list, not None"),
        ({"acronyms": [4]}, "topic 'memory': 'acronyms' must hold text, not 4"),
        ({"id": None}, "topics entry 2: 'id' is missing"),
    ],
)
def test_a_wrong_type_is_refused(change: dict[str, Any], message: str):
    assert refusal(change) == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 1.0}, "taxonomy: 'version' must be text, not 1.0"),
        ({"topics": {}}, "taxonomy: 'topics' must be a list, not {}"),
        ({"areas": ["nlp"]}, "areas entry 1: must be a mapping, not 'nlp'"),
    ],
)
def test_a_wrong_type_of_the_document_is_refused(change: dict[str, Any], message: str):
    assert refusal(change, topic=None) == message


def test_an_unknown_key_of_a_topic_is_refused():
    assert "topic 'memory': unknown key 'alias'" in refusal({"alias": ["memory"]})


def test_an_unknown_key_of_the_document_is_refused():
    assert "taxonomy: unknown key 'topic'" in refusal({"topic": []}, topic=None)


def test_a_misspelt_key_is_told_before_the_one_that_is_missing_for_it():
    document = small_document()
    document["topics"][1]["parnt"] = document["topics"][1].pop("parent")
    with pytest.raises(ConfigError, match="topic 'memory': unknown key 'parnt'"):
        check_topics(document)


def test_a_key_that_is_no_text_is_unknown():
    assert "topic 'memory': unknown key '7'" in refusal({7: "x"})


def test_the_file_is_named_with_the_topic_and_the_field(tmp_path: Path):
    path = tmp_path / "topics.yaml"
    path.write_text(
        "version: '1'\nareas: []\nfields: []\ntopics: [{id: memory, parent: lm, name: 7}]\n",
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as refused:
        read_taxonomy(tmp_path)
    assert str(refused.value) == f"{path}: topic 'memory': 'name' must be text, not 7"
