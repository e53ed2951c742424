"""What is learned from labels: on small papers, of which the right model is known."""

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from config.taxonomy import check_topics, read_taxonomy
from transforms.taxonomy import build_taxonomy
from transforms.topics import assign_topics
from transforms.topics.labels import read_labels
from transforms.topics.learn import learn
from transforms.topics.learned import read_learned
from transforms.topics.typical import parse_typical_words, typical_words, weigh_typical

WORDS = [f"word{chr(97 + n // 9)}{chr(97 + n % 9)}" for n in range(81)]
TAXONOMY = build_taxonomy(
    check_topics(
        {
            "version": "1",
            "areas": [{"id": "area", "name": "Area"}],
            "fields": [{"id": "field", "name": "Field", "parent": "area"}],
            "topics": [
                {"id": one, "name": one, "parent": "field", "aliases": [f"{one} trade"]}
                for one in ("bread", "cars", "music")
            ],
        }
    )
)
SPEECH = {"bread": "oven flour yeast dough", "cars": "wheel engine road fuel", "music": "song tune"}


def papers_about(topics: list[str]) -> pl.DataFrame:
    rows = []
    for number, topic in enumerate(topics):
        words = [WORDS[(number * 7 + step * 5) % len(WORDS)] for step in range(20)]
        rows.append((f"{number:04d}", "Of a trade", " ".join([*SPEECH[topic].split(), *words])))
    return pl.DataFrame(rows, schema=["paper_id", "title", "abstract"], orient="row")


TOPICS = ["bread", "cars", "music"] * 30


def test_the_words_of_labelled_papers_assign_their_topic_to_papers_that_do_not_name_it():
    learned = learn(papers_about(TOPICS), [[one] for one in TOPICS], TAXONOMY)
    found = assign_topics(papers_about(["cars", "bread"]), TAXONOMY, learned).topics
    primary = found.filter("is_primary")
    assert primary["topic_id"].to_list() == ["cars", "bread"]
    assert set(primary["method"]) == {"context"}


def test_a_typical_word_speaks_for_its_topic_before_any_label_does():
    given = [[one] for one in TOPICS]
    learned = [
        learn(papers_about(TOPICS), given, TAXONOMY, typical=words)
        for words in ({}, {"bread": frozenset({"wordaa", "no such"}), "tea": frozenset({"pot"})})
    ]
    bread, cars = (
        [one.weights[one.terms.index("wordaa"), one.topics.index(topic)] for one in learned]
        for topic in ("bread", "cars")
    )
    assert bread[1] > bread[0] + 1
    assert abs(cars[1] - cars[0]) < 1


def test_a_word_typical_of_two_topics_weighs_less_and_all_words_of_a_topic_have_length_1():
    words = {"bread": frozenset({"oven", "heat"}), "cars": frozenset({"heat"})}
    found = weigh_typical(["heat", "oven", "song"], ["bread", "cars", "music"], words)
    assert np.allclose(found, [[np.sqrt(1 / 3), 1, 0], [np.sqrt(2 / 3), 0, 0], [0, 0, 0]])


def test_typical_words_are_read_by_topic():
    found = parse_typical_words("# said\nbread: oven, hot oven\n\ncars: road\n")
    assert found == {"bread": {"oven", "hot oven"}, "cars": {"road"}}


def test_the_typical_words_of_the_package_are_of_its_topics_and_can_be_found():
    words = typical_words()
    assert set(words) <= set(build_taxonomy(read_taxonomy(None)).assigned)
    for one in words.values():
        assert all(re.fullmatch("[a-z0-9]+( [a-z0-9]+)?", word) for word in one)


def test_papers_unlike_the_labelled_ones_get_nothing_by_their_words():
    others = pl.DataFrame(
        [
            (
                f"o{n}",
                "Of a trade",
                " ".join(["cloud network server", *WORDS[n % 9 :: 3], "engine"]),
            )
            for n in range(100)
        ],
        schema=["paper_id", "title", "abstract"],
        orient="row",
    )
    labelled = papers_about(TOPICS)
    learned = learn(labelled, [[one] for one in TOPICS], TAXONOMY, others=others)
    assert assign_topics(others.head(5), TAXONOMY, learned).topics.is_empty()
    assert not assign_topics(papers_about(["cars"]), TAXONOMY, learned).topics.is_empty()


def test_a_source_says_nothing_of_topics_that_it_never_uses():
    said = read_labels([["bread"], [], ["cars"], ["bread", "cars"]], [0, 0, 1, 1])
    assert said.topics == ["bread", "cars"]
    assert said.is_known.tolist() == [[True, False]] * 2 + [[True, True]] * 2
    assert said.prior.tolist() == [2.5 / 5, 2.5 / 3]
    groups = {tuple(topics.tolist()): rows.tolist() for topics, rows in said.groups}
    assert groups == {(0,): [0, 1, 2, 3], (1,): [2, 3]}


def test_a_label_that_is_no_topic_is_refused():
    with pytest.raises(ValueError, match="labels name 'tea', which is no topic of the taxonomy"):
        learn(papers_about(["cars"]), [["tea"]], TAXONOMY)


def test_a_model_is_read_as_it_was_saved_but_for_the_steps_of_its_weights(tmp_path: Path):
    learned = learn(papers_about(TOPICS), [[one] for one in TOPICS], TAXONOMY)
    learned.save(tmp_path)
    read = read_learned(tmp_path)
    assert (read.topics, read.terms) == (learned.topics, learned.terms)
    step = np.abs(read.weights).max(axis=0) / np.abs(learned.steps).max(axis=0)
    assert np.allclose(read.weights, learned.steps * step)
    assert np.abs(read.by_mention - learned.by_mention).max() <= 0.005
    assert read.most_unlike == learned.most_unlike


def test_the_same_papers_give_the_same_model():
    one, other = (learn(papers_about(TOPICS), [[t] for t in TOPICS], TAXONOMY) for _ in range(2))
    assert np.array_equal(one.weights, other.weights)
    assert np.array_equal(one.coefficients, other.coefficients)
