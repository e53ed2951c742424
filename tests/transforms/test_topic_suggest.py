"""Which phrases are proposed: those that a group of papers uses more than chance explains."""

from random import Random

import numpy as np
import pytest

from transforms.topics.suggest import (
    PRIOR_PAPERS,
    PhraseCounts,
    add_up,
    choose,
    contrast,
    count_phrases,
    find_phrases,
    is_same,
)


def phrases_of(*texts: str) -> list[str]:
    found = find_phrases([part for text in texts for part in (text, "")])
    return [found.text(row) for row in range(len(found.key))]


def test_phrases_end_in_words_of_meaning_and_hold_no_mark():
    assert phrases_of("The Chain of Thought, explained in 3D") == [
        "chain",
        "chain of thought",
        "thought",
        "explained",
    ]
    assert phrases_of("", "We show results") == []


def test_a_paper_counts_once_for_a_phrase_in_title_and_abstract():
    found = find_phrases(["Blue cats", "blue cats and Blue cats", "blue", ""])
    counts = count_phrases(found, np.array([True, False]))
    by_phrase = {found.text(row): key for row, key in enumerate(found.key.tolist())}
    rows = {key: row for row, key in enumerate(counts.key.tolist())}
    blue, cats = rows[by_phrase["blue"]], rows[by_phrase["blue cats"]]
    assert (counts.papers[blue], counts.in_group[blue]) == (2, 1)
    assert (counts.papers[cats], counts.in_group[cats]) == (1, 1)


def counts_of(*rows: tuple[int, int]) -> PhraseCounts:
    papers, in_group = np.array(rows).T
    return PhraseCounts(np.arange(1, len(rows) + 1, dtype=np.uint64), papers, in_group)


def test_counts_of_parts_add_up_to_those_of_the_whole():
    one, other = counts_of((3, 1), (2, 2)), counts_of((4, 0))
    both = add_up(one, other)
    assert both.papers.tolist() == [7, 2]
    assert both.in_group.tolist() == [1, 2]


def test_the_contrast_is_that_of_monroe_et_al():
    found = contrast(counts_of((30, 20)), group=100, others=400)
    prior = PRIOR_PAPERS * 30 / 501
    odds = (20 + prior) / (100 + PRIOR_PAPERS - 20 - prior)
    odds /= (10 + prior) / (400 + PRIOR_PAPERS - 10 - prior)
    error = (1 / (20 + prior) + 1 / (10 + prior)) ** 0.5
    assert found.log_odds[0] == pytest.approx(np.log(odds))
    assert found.z[0] == pytest.approx(np.log(odds) / error)
    assert found.low[0] == pytest.approx(np.log(odds) - 1.96 * error)


def test_a_phrase_of_the_group_is_found_and_noise_is_not():
    random = Random(4)
    words = [f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(300)]
    texts = [" , ".join(random.sample(words, 30)) for _ in range(600)]
    is_in_group = np.array([random.random() < 0.3 for _ in texts])
    for paper in np.flatnonzero(is_in_group)[:40].tolist():
        texts[paper] += " , sudden insight"
    found = find_phrases([part for text in texts for part in (text, "")])
    counts = count_phrases(found, is_in_group)
    group = int(is_in_group.sum())
    chosen = choose(counts, contrast(counts, group, len(texts) - group))
    text_of = {key: found.text(row) for row, key in enumerate(found.key.tolist())}
    assert {text_of[key] for key in counts.key[chosen].tolist()} == {
        "sudden",
        "insight",
        "sudden insight",
    }


def test_a_part_of_a_stronger_phrase_in_the_same_papers_is_no_phrase_of_its_own():
    papers = {"a", "b", "c", "d"}
    assert is_same("sudden", papers, "sudden insight", {"a", "b", "c"})
    assert is_same("very sudden insight", {"a", "b"}, "sudden insight", papers)
    assert not is_same("sudden", papers, "sudden insight", {"a", "x", "y", "z"})
    assert not is_same("udden", papers, "sudden insight", papers)


def test_passing_over_rare_phrases_loses_none_that_stands_often():
    random = Random(7)
    texts = [
        " ".join(random.choices(["ab", "cd", "ef", "gh", "of", "the"], k=9)) for _ in range(60)
    ]
    is_in_group = np.array([number % 3 == 0 for number in range(30)])

    def often(least: int) -> dict[int, tuple[int, int]]:
        counts = count_phrases(find_phrases(texts, least), is_in_group)
        columns = (counts.key.tolist(), counts.papers.tolist(), counts.in_group.tolist())
        return {
            key: (papers, inside)
            for key, papers, inside in zip(*columns, strict=True)
            if papers >= 5
        }

    assert often(5) == often(1)
    assert len(find_phrases(texts, 5).key) < len(find_phrases(texts).key)
