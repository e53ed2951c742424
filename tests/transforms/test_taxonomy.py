"""What a taxonomy may say, and what is made of it."""

from copy import deepcopy
from typing import Any

import polars as pl
import pytest

from config.settings import ConfigError
from config.taxonomy import check_topics, read_taxonomy
from tests.taxonomies import small_document
from transforms.errors import TaxonomyError
from transforms.spelling import fold_spelling
from transforms.taxonomy import (
    ALIAS_COLUMNS,
    TOPIC_COLUMNS,
    Taxonomy,
    build_taxonomy,
)


def build(document: dict[str, Any]) -> Taxonomy:
    return build_taxonomy(check_topics(document))


def test_the_shipped_taxonomy_builds_without_an_error():
    taxonomy = build_taxonomy(read_taxonomy(None))
    assert taxonomy.version
    assert taxonomy.topics.filter(pl.col("level") == "topic").height > 100
    assert taxonomy.aliases.join(taxonomy.topics, on="topic_id", how="anti").is_empty()


def test_every_level_of_the_document_is_a_row_with_its_parent():
    expected = pl.DataFrame(
        [
            ("lm", "Language models", "nlp", "field", "active", None),
            ("memory", "Memory", "lm", "topic", "active", None),
            ("nlp", "Language", None, "area", "active", None),
            ("rag", "Retrieval augmentation", "lm", "topic", "active", None),
        ],
        schema=TOPIC_COLUMNS,
        orient="row",
    )
    assert build(small_document()).topics.equals(expected)


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
    assert build(small_document()).aliases.sort("topic_id", "alias").equals(expected)


def test_forms_are_folded_and_hold_the_regular_plural():
    forms = build(small_document()).forms
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
    assert build(document).digest == build(small_document()).digest


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
    assert build(document).digest != build(small_document()).digest


def test_an_alias_that_becomes_weak_changes_the_digest():
    document = small_document()
    document["topics"][1] |= {"aliases": [], "weak": ["memory"]}
    assert build(document).digest != build(small_document()).digest


def refusal(change: dict[str, Any], topic: int | None = 1) -> str:
    """The message with which a document is refused whose topic (or whole) is changed so."""
    document = deepcopy(small_document())
    (document if topic is None else document["topics"][topic]).update(change)
    with pytest.raises(TaxonomyError) as refused:
        build(document)
    return str(refused.value)


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
    assert {"RAG", "RaG"} <= set(build(document).forms["form"])


def test_an_alias_listed_twice_is_refused():
    assert "is listed twice" in refusal({"weak": ["Memory"]})


def test_a_plural_that_is_written_out_beside_its_singular_is_no_fault():
    document = small_document()
    document["topics"][1]["aliases"] = ["memory", "memories"]
    forms = build(document).forms
    assert forms.filter(pl.col("form") == "memories")["alias"].to_list() == ["memories"]


def test_a_general_topic_says_so_in_its_level_and_forms():
    document = small_document()
    document["topics"][1]["level"] = "general"
    taxonomy = build(document)
    assert set(taxonomy.forms.filter("is_general")["topic_id"]) == {"memory"}
    assert taxonomy.topics.filter(topic_id="memory")["level"].item() == "general"
    assert taxonomy.assigned == ["memory", "rag"]


def test_the_spellings_of_a_retired_topic_lead_to_the_one_that_replaces_it():
    document = small_document()
    document["topics"][1] |= {"status": "retired", "replaced_by": "rag"}
    taxonomy = build(document)
    assert taxonomy.forms.filter(alias="memory")["topic_id"].unique().to_list() == ["rag"]
    assert taxonomy.assigned == ["rag"]
    document["topics"][1] |= {"replaced_by": None}
    assert build(document).forms.filter(alias="memory").is_empty()


def test_what_topics_require_and_exclude_is_folded_with_its_plural():
    document = small_document()
    document["topics"][1] |= {"requires": ["Agent"], "not": ["memory-cell"]}
    assert build(document).conditions.rows() == [
        ("agent", "memory", "requires"),
        ("agents", "memory", "requires"),
        ("memory cell", "memory", "not"),
        ("memory cells", "memory", "not"),
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"replaced_by": "rag"}, "is for topics whose 'status' is 'retired'"),
        ({"status": "retired", "replaced_by": "lm"}, "'replaced_by' 'lm' is no active topic"),
        ({"status": "retired", "replaced_by": "memory"}, "is no active topic"),
        ({"status": "old"}, "'status' must be 'active' or 'retired', not 'old'"),
        ({"level": "area"}, "'level' must be 'topic' or 'general', not 'area'"),
        ({"not": ["!"]}, "'not' holds '!', which is no Latin spelling"),
        ({"requires": [""]}, "'requires' holds an empty alias"),
        ({"requires": "agent"}, "'requires' must be a list, not 'agent'"),
        ({"excludes": ["x"]}, "unknown key 'excludes' (known: ["),
        ({"examples": ["a"], "counter_examples": ["a"]}, "'a' is in 'examples' and in"),
    ],
)
def test_a_wrong_value_of_a_topic_is_named(change: dict[str, Any], message: str):
    document = small_document()
    document["topics"][1] |= change
    with pytest.raises((TaxonomyError, ConfigError)) as refused:
        build(document)
    assert message in str(refused.value)


def test_folding_keeps_every_character_at_its_place():
    texts = pl.Series(["Schrödinger’s pre‑trained\nβ‑VAE 😀 ß", None, "a_b-c"])
    folded = fold_spelling(texts)
    assert folded.str.len_chars().to_list() == texts.str.len_chars().to_list()
    assert folded[0].startswith("Schrodinger's pre trained ")
    assert folded[2] == "a b c"
    assert folded.drop_nulls().map_elements(str.isascii, return_dtype=pl.Boolean).all()
