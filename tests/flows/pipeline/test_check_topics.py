"""What `topics check` says of a topic dictionary, and that a publication does just that."""

import json
from pathlib import Path

import pytest

from config.taxonomy import read_taxonomy_file
from flows.pipeline.check_topics import measure_labels
from flows.pipeline.labels import read_labels
from flows.report import FlowError
from tests.flows.captures import TOPICS, Bench, api_body, api_entry, write
from transforms.taxonomy import build_taxonomy
from transforms.topics.lint import lint
from transforms.topics.measure import agree

OTHER = TOPICS.replace("0.0.1", "0.0.2").replace("[quiet gradient]", "[wandering agent]")
SORTING, GRADIENTS, AGENTS = (f"2506.{10_000 + number}" for number in range(3))


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A home with one list of three papers, of which one is about gradients."""
    made = Bench(tmp_path, monkeypatch)
    made.put(api_body([api_entry(number) for number in range(3)]))
    assert made.ingest().code == 0
    return made


@pytest.mark.slow
def test_a_check_says_what_the_next_run_changes_at_once(bench: Bench, tmp_path: Path) -> None:
    edited = write(tmp_path / "edited.yaml", OTHER)
    checked = bench.run("topics", "check", str(edited), "--json")
    assert (checked.code, checked.report["mistakes"]) == (0, [])
    changes = checked.report["changes"]
    assert changes["topics"] == [
        {"topic_id": "gradients", "before": 1, "after": 1, "gained": 1, "lost": 1}
    ]
    assert (changes["papers"], changes["changed_papers"]) == (3, 2)
    assert (changes["unassigned_before"], changes["unassigned_after"]) == (2, 2)
    query = "select paper_id, taxonomy_version from core.paper_topic"
    assert bench.rows(query) == [(f"arxiv:{GRADIENTS}", "0.0.1")]
    write(bench.overlay / "topics.yaml", OTHER)
    assert bench.ingest().code == 0
    assert bench.rows(query) == [(f"arxiv:{AGENTS}", "0.0.2")]
    history = "select distinct taxonomy_version from mart.topic_period"
    assert bench.rows(history) == [("0.0.2",)]
    assert bench.run("topics", "check", "--json").report["changes"]["changed_papers"] == 0


@pytest.mark.slow
def test_examples_that_fail_and_a_version_used_twice_are_told(bench: Bench, tmp_path: Path) -> None:
    examples = f"  examples: ['{GRADIENTS}', '{AGENTS}', '1234.56789']\n"
    edited = TOPICS + examples + f"  counter_examples: ['arxiv:{GRADIENTS}', '{SORTING}']\n"
    checked = bench.run("topics", "check", str(write(tmp_path / "t.yaml", edited)), "--json")
    assert (checked.code, checked.report["mistakes"]) == (1, [])
    edited = edited.replace("[quiet gradient]", "[quiet gradient, pebble]")
    checked = bench.run("topics", "check", str(write(tmp_path / "t.yaml", edited)), "--json")
    assert checked.code == 1
    assert checked.report["mistakes"] == [
        "version '0.0.1' is published with another content: give it another one"
    ]
    assert sorted(checked.report["changes"]["faults"]) == [
        f"topic 'gradients': counter-example {SORTING} has it",
        f"topic 'gradients': counter-example arxiv:{GRADIENTS} has it",
        f"topic 'gradients': example {AGENTS} does not have it",
    ]
    assert checked.report["changes"]["unknown_examples"] == ["1234.56789"]


def test_labels_tell_how_well_two_dictionaries_agree(tmp_path: Path) -> None:
    lines = [
        {"title": "A quiet gradient", "abstract": None, "gold": ["gradients"]},
        {"title": "A wandering agent", "gold": []},
    ]
    labels = write(tmp_path / "labels.jsonl", "\n".join(map(json.dumps, lines)))
    in_use, edited = (
        build_taxonomy(read_taxonomy_file(write(tmp_path / "topics.yaml", text)))
        for text in (TOPICS, OTHER)
    )
    (agreement,) = measure_labels([labels], in_use, edited)
    assert (agreement.in_use.f1, agreement.in_use.precision) == (0.5, 1)
    assert (agreement.checked.f1, agreement.checked.precision) == (0, 0)


def test_agreement_looks_at_topics_that_label_any_paper_and_at_the_first_three():
    found = [["a", "x", "b", "c", "d"], ["b"]]
    one = agree(found, [["d"], ["a", "b", "c"]])
    assert (one.hit_at_3, one.precision, one.recall, one.topics_per_paper) == (0.5, 0.4, 0.5, 2.5)
    assert one.f1 == (2 / 5 + 2 / 4) / 2
    assert one.micro_f1 == 4 / 9


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: no JSON"),
        ("[]", "line 1: must be an object"),
        ('{"title": "t", "gold": "a"}', "line 1: 'gold' must be a list of topics, not 'a'"),
        ('{"abstract": "t", "gold": []}', "line 1: 'title' and 'abstract' must be text"),
        ("", "no line"),
    ],
)
def test_a_bad_line_of_labels_is_named(tmp_path: Path, line: str, message: str):
    with pytest.raises(FlowError, match=message.replace("[", "\\[")):
        read_labels([write(tmp_path / "labels.jsonl", line)])


MISTAKEN = """
version: '1'
areas: [{id: a, name: A}]
fields: [{id: f, name: F, parent: a}, {id: empty, name: E, parent: a}]
topics:
- {id: none, name: N, parent: f}
- {id: weak, name: W, parent: f, weak: [thing]}
- {id: short, name: S, parent: f, aliases: [rag]}
- {id: lower, name: L, parent: f, acronyms: [abc]}
- id: outlier
  name: O
  parent: f
  aliases: [outlier]
  not: [outlier feature, inlier]
  requires: [outliers, data]
- {id: old, name: Old, parent: f, status: retired, aliases: [gone], examples: ['2506.10000']}
"""


def test_what_is_allowed_and_most_likely_a_mistake_is_told(tmp_path: Path):
    declared = read_taxonomy_file(write(tmp_path / "topics.yaml", MISTAKEN))
    assert lint(declared, build_taxonomy(declared)) == [
        "field 'empty' has no topic",
        "topic 'none': has no spelling; only its context can assign it, if the model knows it",
        "topic 'weak': has weak spellings alone",
        "topic 'short': alias 'rag' is short and found in any case: list it as an acronym?",
        "topic 'lower': acronym 'abc' is written like a word: list it as an alias?",
        "topic 'outlier': 'not' 'inlier' holds no spelling of the topic, and so changes nothing",
        "topic 'outlier': 'requires' 'outliers' is a spelling of the topic, and so always there",
        "topic 'old': is retired and has examples, which no paper can be",
    ]


def test_the_shipped_dictionary_has_no_such_mistake():
    from config.taxonomy import read_taxonomy

    declared = read_taxonomy(None)
    assert lint(declared, build_taxonomy(declared)) == []


@pytest.mark.slow
def test_suggestions_need_papers_and_a_feed_that_there_is(bench: Bench) -> None:
    few = bench.run("topics", "suggest", "--json")
    assert few.code == 0, few.err
    assert (few.report["papers"], few.report["unnamed_papers"]) == (3, 2)
    assert (few.report["rising"], few.report["unnamed"]) == ([], [])
    assert bench.run("topics", "suggest", "--feed", "none").code == 2
