"""What a taxonomy document must hold, and what is made of it."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from transforms.errors import TaxonomyError
from transforms.taxonomy import (
    ALIAS_COLUMNS,
    TOPIC_COLUMNS,
    build_taxonomy,
    fold_spelling,
)

SHIPPED = Path(__file__).parents[2] / "config" / "topics.yaml"


def small_document() -> dict[str, Any]:
    return {
        "version": "1",
        "areas": [{"id": "nlp", "name": "Language"}],
        "fields": [{"id": "lm", "name": "Language models", "parent": "nlp"}],
        "topics": [
            {
                "id": "rag",
                "name": "Retrieval augmentation",
                "parent": "lm",
                "aliases": ["retrieval-augmented generation"],
                "acronyms": ["RAG"],
                "weak": ["retriever"],
            },
            {"id": "memory", "name": "Memory", "parent": "lm", "aliases": ["memory"]},
        ],
    }


def test_the_shipped_taxonomy_builds_without_an_error():
    taxonomy = build_taxonomy(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))
    assert taxonomy.version
    assert taxonomy.topics.filter(pl.col("level") == "topic").height > 100
    assert taxonomy.aliases.join(taxonomy.topics, on="topic_id", how="anti").is_empty()


def test_every_level_of_the_document_is_a_row_with_its_parent():
    expected = pl.DataFrame(
        [
            ("lm", "Language models", "nlp", "field"),
            ("memory", "Memory", "lm", "topic"),
            ("nlp", "Language", None, "area"),
            ("rag", "Retrieval augmentation", "lm", "topic"),
        ],
        schema=TOPIC_COLUMNS,
        orient="row",
    )
    assert build_taxonomy(small_document()).topics.equals(expected)


def test_aliases_stand_as_the_document_writes_them():
    expected = pl.DataFrame(
        [
            ("memory", "memory", "alias"),
            ("rag", "RAG", "acronym"),
            ("rag", "retrieval-augmented generation", "alias"),
            ("rag", "retriever", "weak"),
        ],
        schema=ALIAS_COLUMNS,
        orient="row",
    )
    assert build_taxonomy(small_document()).aliases.sort("topic_id", "alias").equals(expected)


def test_forms_are_folded_and_hold_the_regular_plural():
    forms = build_taxonomy(small_document()).forms
    assert set(forms["form"]) == {
        "retrieval augmented generation",
        "retrieval augmented generations",
        "RAG",
        "RAGs",
        "retriever",
        "retrievers",
        "memory",
        "memories",
    }


def test_the_order_of_entries_does_not_change_the_digest():
    document = small_document()
    document["topics"].reverse()
    document["topics"][1]["aliases"].reverse()
    assert build_taxonomy(document).digest == build_taxonomy(small_document()).digest


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("version", "2"),
        ("areas", [{"id": "nlp", "name": "Natural language"}]),
        ("topics", []),
    ],
)
def test_any_change_of_content_changes_the_digest(section: str, change: object):
    document = small_document() | {section: change}
    assert build_taxonomy(document).digest != build_taxonomy(small_document()).digest


def test_an_alias_that_becomes_weak_changes_the_digest():
    document = small_document()
    document["topics"][1] |= {"aliases": [], "weak": ["memory"]}
    assert build_taxonomy(document).digest != build_taxonomy(small_document()).digest


def refusal(change: dict[str, Any], topic: int | None = 1) -> str:
    """The message with which a document is refused whose topic (or whole) is changed so."""
    document = deepcopy(small_document())
    (document if topic is None else document["topics"][topic]).update(change)
    with pytest.raises(TaxonomyError) as refused:
        build_taxonomy(document)
    return str(refused.value)


def test_a_missing_version_is_refused():
    document = small_document()
    del document["version"]
    with pytest.raises(TaxonomyError, match="taxonomy: 'version' is missing"):
        build_taxonomy(document)


def test_a_missing_section_is_refused():
    document = small_document()
    del document["fields"]
    with pytest.raises(TaxonomyError, match="taxonomy: 'fields' is missing"):
        build_taxonomy(document)


def test_a_duplicate_id_is_refused():
    assert "topic 'rag': 'id'" in refusal({"id": "rag"})


def test_an_id_is_unique_over_all_levels():
    assert "topic 'nlp': 'id' is already a area's" in refusal({"id": "nlp"})


def test_an_unknown_parent_is_refused():
    assert refusal({"parent": "vision"}) == "topic 'memory': 'parent' 'vision' is no field"


def test_a_topic_does_not_belong_to_an_area():
    assert refusal({"parent": "nlp"}) == "topic 'memory': 'parent' 'nlp' is no field"


@pytest.mark.parametrize("alias", ["", "  ", "-"])
def test_an_empty_alias_is_refused(alias: str):
    assert refusal({"aliases": [alias]}) == "topic 'memory': 'aliases' holds an empty alias"


def test_an_alias_that_no_folded_text_could_show_is_refused():
    assert "topic 'memory': 'weak' holds '記憶'" in refusal({"weak": ["記憶"]})


@pytest.mark.parametrize(
    "alias", ["retrieval-augmented generation", "Retrieval Augmented Generations", "rag"]
)
def test_an_alias_owned_by_two_topics_is_refused_in_whatever_spelling(alias: str):
    message = refusal({"aliases": [alias]})
    assert repr(alias) in message
    assert "'memory'" in message
    assert "'rag'" in message


def test_two_acronyms_may_differ_by_case_alone():
    document = small_document()
    document["topics"][1]["acronyms"] = ["RaG"]
    assert {"RAG", "RaG"} <= set(build_taxonomy(document).forms["form"])


def test_an_alias_listed_twice_is_refused():
    assert "is listed twice" in refusal({"weak": ["Memory"]})


def test_a_plural_that_is_written_out_beside_its_singular_is_no_fault():
    document = small_document()
    document["topics"][1]["aliases"] = ["memory", "memories"]
    forms = build_taxonomy(document).forms
    assert forms.filter(pl.col("form") == "memories")["alias"].to_list() == ["memories"]


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


def test_a_topic_inside_the_names_of_many_others_is_general():
    document = small_document()
    document["topics"] += [
        {"id": f"t{n}", "name": "x", "parent": "lm", "aliases": [f"memory {n}"]} for n in range(12)
    ]
    forms = build_taxonomy(document).forms
    assert set(forms.filter("is_general")["topic_id"]) == {"memory"}


def test_folding_keeps_every_character_at_its_place():
    texts = pl.Series(["Schrödinger’s pre‑trained\nβ‑VAE 😀 ß", None, "a_b-c"])
    folded = fold_spelling(texts)
    assert folded.str.len_chars().to_list() == texts.str.len_chars().to_list()
    assert folded[0].startswith("Schrodinger's pre trained ")
    assert folded[2] == "a b c"
    assert folded.drop_nulls().map_elements(str.isascii, return_dtype=pl.Boolean).all()
