"""Which topics a paper gets, and that its evidence is what stands in the text."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.taxonomy import check_topics, read_taxonomy
from transforms.taxonomy import Taxonomy, build_taxonomy
from transforms.topics import (
    EVIDENCE_COLUMNS,
    RULES_VERSION,
    TOPIC_COLUMNS,
    Assigner,
    assign_topics,
)
from transforms.topics.learned import shipped


def topic(
    topic_id: str, aliases: str = "", acronyms: str = "", weak: str = "", in_title: str = ""
) -> dict[str, object]:
    """An entry of the document; spellings are given apart by commas."""
    lists = {"aliases": aliases, "acronyms": acronyms, "weak": weak, "in_title": in_title}
    spelled = {key: given.split(", ") for key, given in lists.items() if given}
    return {"id": topic_id, "name": topic_id, "parent": "field"} | spelled


def taxonomy_of(*topics: dict[str, object]) -> Taxonomy:
    document = {
        "version": "1",
        "areas": [{"id": "area", "name": "Area"}],
        "fields": [{"id": "field", "name": "Field", "parent": "area"}],
        "topics": list(topics),
    }
    return build_taxonomy(check_topics(document))


TAXONOMY = taxonomy_of(
    topic("agents", "multi-agent, software agent", weak="agent"),
    topic("diffusion-lm", "diffusion language model"),
    topic("evaluation", "evaluation suite", in_title="benchmark"),
    topic("language-models", "language model, pre-trained transformer", "LLM"),
    topic("memory", "episodic memory", weak="memory"),
    topic("rag", "retrieval-augmented generation", "RAG"),
    topic("schrodinger", "schrödinger bridge"),
    topic("robots", "robot", "RL"),
    topic("training", weak="llm training"),
    topic("vq-vae", "", "VQ-VAE"),
)


def papers_of(*papers: tuple[str, str, str | None]) -> pl.DataFrame:
    schema = {"paper_id": pl.String, "title": pl.String, "abstract": pl.String}
    return pl.DataFrame(list(papers), schema=schema, orient="row")


def topics_of(title: str, abstract: str | None = None, taxonomy: Taxonomy = TAXONOMY) -> set[str]:
    return set(assign_topics(papers_of(("p", title, abstract)), taxonomy).topics["topic_id"])


def surfaces_of(title: str, abstract: str | None = None) -> list[str]:
    return assign_topics(papers_of(("p", title, abstract)), TAXONOMY).evidence["surface"].to_list()


def test_a_paper_gets_its_topics_with_the_spans_that_say_so():
    papers = papers_of(("p", "RAG with language models", "A language model and its robots."))
    assigned = assign_topics(papers, TAXONOMY)
    expected_topics = pl.DataFrame(
        [
            ("p", "language-models", 0.95, "dictionary", True),
            ("p", "rag", 0.8, "dictionary", False),
        ],
        schema=assigned.topics.schema,
        orient="row",
    )
    expected_evidence = pl.DataFrame(
        [
            ("p", "rag", "title", 0, 3, "RAG", "RAG", "acronym"),
            ("p", "language-models", "title", 9, 24, "language models", "language model", "alias"),
            (
                "p",
                "language-models",
                "abstract",
                2,
                16,
                "language model",
                "language model",
                "alias",
            ),
        ],
        schema=assigned.evidence.schema,
        orient="row",
    )
    assert assigned.topics.equals(expected_topics)
    assert assigned.evidence.equals(expected_evidence)


def test_the_frames_have_their_columns_even_when_nothing_is_found():
    for papers in (papers_of(), papers_of(("p", "", None)), papers_of(("p", "Nothing", "here"))):
        assigned = assign_topics(papers, TAXONOMY)
        assert assigned.topics.columns == TOPIC_COLUMNS
        assert assigned.evidence.columns == EVIDENCE_COLUMNS
        assert assigned.topics.is_empty()
        assert assigned.evidence.is_empty()
        assert assigned.topics.schema["score"] == pl.Float64
        assert assigned.evidence.schema["span_start"] == pl.Int64


def test_a_taxonomy_without_spellings_assigns_nothing():
    assert topics_of("language model", "language model", taxonomy_of()) == set()


@pytest.mark.parametrize(
    "before", ["Naïve café — ", "😀👩‍🔬 ", "日本語: ", "a  -- \n b ", "ﬀ ß İ ", ""]
)
@pytest.mark.parametrize(
    "words", ["language models", "Language\nModel", "language - model", "LLMs"]
)
def test_offsets_point_to_the_surface_whatever_stands_before(before: str, words: str):
    title = f"{before}{words}, then"
    evidence = assign_topics(papers_of(("p", title, None)), TAXONOMY).evidence
    (span,) = evidence.iter_rows(named=True)
    assert title[span["span_start"] : span["span_end"]] == span["surface"] == words


def test_of_a_topic_that_a_text_names_all_the_time_the_first_places_are_cited():
    papers = papers_of(("p", "Robots", "A robot. " * 300 + "RAG and RAG, RAG"), ("q", "RAG", "RAG"))
    evidence = assign_topics(papers, TAXONOMY).evidence
    assert evidence.filter(topic_id="rag").height == 5
    robots = evidence.filter(topic_id="robots")
    assert robots["span_start"].to_list() == [0, *range(2, 2 + 9 * 49, 9)]
    assert set(robots["surface"]) == {"Robots", "robot"}


def test_each_of_several_mentions_behind_runs_of_separators_has_its_own_place():
    abstract = (
        "An  LLM --  a language   model --- is  an LLM - and  so  on, pre-\ntrained transformer."
    )
    evidence = assign_topics(papers_of(("p", "", abstract)), TAXONOMY).evidence
    spans = zip(evidence["span_start"], evidence["span_end"], strict=True)
    assert [abstract[start:end] for start, end in spans] == evidence["surface"].to_list()
    assert evidence["surface"].to_list() == [
        "LLM",
        "language   model",
        "LLM",
        "pre-\ntrained transformer",
    ]


@pytest.mark.parametrize(
    "title",
    [
        "pre-trained transformer",
        "pre trained transformer",
        "Pre_Trained  Transformers",
        "pre‑trained transformer",
    ],
)
def test_a_hyphen_an_underscore_and_a_space_are_the_same(title: str):
    assert topics_of(title) == {"language-models"}


def test_an_accent_makes_no_difference():
    assert topics_of("A Schrodinger bridge") == {"schrodinger"}
    assert topics_of("A Schrödinger Bridge") == {"schrodinger"}


@pytest.mark.parametrize("title", ["Language models", "LLMs", "Episodic memories"])
def test_the_plural_is_found(title: str):
    assert len(topics_of(title)) == 1


@pytest.mark.parametrize(
    "title", ["sublanguage model", "language modelling", "robotics", "étrobot", "robotλ", "xRAG"]
)
def test_a_spelling_inside_a_longer_word_is_no_mention(title: str):
    assert topics_of(title) == set()


@pytest.mark.parametrize(
    "title", ["(robot)", "robot's", "“robot”", "robot/arm", "用robot做", "robot😀"]
)
def test_punctuation_and_other_scripts_end_a_word(title: str):
    assert topics_of(title) == {"robots"}


def test_a_phrase_does_not_run_across_punctuation():
    assert topics_of("Language, model") == set()


def test_acronyms_are_case_sensitive():
    assert topics_of("RAG") == {"rag"}
    assert topics_of("rag and Rag and RAGS") == set()


def test_an_acronym_with_a_hyphen_is_found_with_a_space():
    assert topics_of("A VQ VAE") == topics_of("A VQ-VAE") == {"vq-vae"}


def test_the_longest_match_wins_over_one_of_another_topic_inside_it():
    assert topics_of("Diffusion language models") == {"diffusion-lm"}
    assert surfaces_of("Diffusion language models") == ["Diffusion language models"]


def test_the_shorter_counts_where_it_stands_by_itself():
    title = "Diffusion language models beat language models"
    assert topics_of(title) == {"diffusion-lm", "language-models"}


def test_a_weak_term_does_not_hide_a_strong_one_inside_it():
    assert topics_of("On LLM training") == {"language-models"}


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Memory", None),
        ("Memory and memory", None),
        ("Nothing", "memory"),
        ("Nothing", "memory, memory, memory and memory"),
    ],
)
def test_a_weak_term_alone_assigns_nothing(title: str, abstract: str | None):
    assert topics_of(title, abstract) == set()


def test_weak_terms_support_each_other_and_another_mention():
    assert topics_of("Memory", "We add a memory.") == set()
    assert topics_of("Memory", "We add an episodic memory.") == set()
    assert topics_of("Memory", "An episodic memory, and a memory of memories.") == {"memory"}
    assert topics_of("Agents", "An agent, a software agent; agents.") == {"agents"}


def test_a_spelling_for_titles_names_the_topic_there_and_is_weak_in_the_abstract():
    assert topics_of("A benchmark of memories") == {"evaluation"}
    assert topics_of("Benchmark language models") == {"evaluation", "language-models"}
    assert topics_of("Nothing", "On a benchmark, a benchmark, and a third benchmark.") == set()
    assert topics_of(
        "Nothing", "An evaluation suite: a benchmark for benchmarks of benchmarks"
    ) == {"evaluation"}


def test_one_mention_in_passing_assigns_nothing_but_a_second_or_one_in_the_title_does():
    assert topics_of("Nothing", "With a robot and a robot.") == set()
    assert topics_of("Nothing", "With a robot, a robot and a robot.") == {"robots"}
    assert topics_of("Nothing", "With episodic memory.") == set()
    assert topics_of("Nothing", "With episodic memory and episodic memory.") == {"memory"}
    assert topics_of("A robot") == {"robots"}


def test_mentions_in_passing_support_each_other():
    assert topics_of("Nothing", "With a language model.") == set()
    assert topics_of("Nothing", "A language model, an LLM.") == set()
    assert topics_of("Nothing", "A language model, a pre-trained transformer.") == {
        "language-models"
    }


def test_exactly_one_topic_is_primary_and_it_has_the_highest_score():
    papers = papers_of(("p", "RAG for language models", "RAG."), ("q", "RAG and robots", None))
    topics = assign_topics(papers, TAXONOMY).topics
    primary = topics.filter("is_primary").select("paper_id", "topic_id").rows()
    assert primary == [("p", "rag"), ("q", "rag")]


def test_a_tie_goes_to_what_is_named_first():
    topics = assign_topics(papers_of(("p", "Robots and RAG", None)), TAXONOMY).topics
    assert topics["score"].n_unique() == 1
    assert topics.filter("is_primary")["topic_id"].to_list() == ["robots"]


def test_a_general_topic_is_primary_only_where_no_other_comes_near():
    general = topic("lm", "language model") | {"level": "general"}
    taxonomy = taxonomy_of(general, topic("robots", "robot"))

    def primary(title: str, abstract: str) -> str:
        topics = assign_topics(papers_of(("p", title, abstract)), taxonomy).topics
        return str(topics.filter("is_primary")["topic_id"].item())

    assert primary("Language models for robots", "A language model.") == "robots"
    assert primary("Language models", "A robot, another robot.") == "lm"


def test_a_spelling_counts_only_in_a_paper_that_has_what_its_topic_requires():
    taxonomy = taxonomy_of(topic("memory", "memory store") | {"requires": ["agent"]})
    assert topics_of("A memory store", "For agents.", taxonomy) == {"memory"}
    assert topics_of("A memory store", "For an agency.", taxonomy) == set()
    papers = papers_of(("p", "A memory store", None), ("q", "Agents", None))
    assert assign_topics(papers, taxonomy).topics.is_empty()


def test_a_spelling_does_not_count_inside_what_its_topic_excludes():
    excluding = topic("outliers", "outlier") | {"not": ["outlier feature", "no outlier at all"]}
    taxonomy = taxonomy_of(excluding, topic("features", "feature"))
    assert topics_of("Outlier features", None, taxonomy) == {"features"}
    assert topics_of("No outlier at all", None, taxonomy) == set()
    assert topics_of("Outlier features and outliers", None, taxonomy) == {"features", "outliers"}
    assert topics_of("Outliers, features", None, taxonomy) == {"features", "outliers"}


def test_scores_of_several_aliases_are_put_together_by_noisy_or():
    assert assign_topics(papers_of(("p", "RAG", None)), TAXONOMY).topics["score"].item() == 0.8
    crowded = papers_of(("p", "Language model and LLM", None))
    assert assign_topics(crowded, TAXONOMY).topics["score"].item() == 1 - 0.1 * 0.2


def test_a_paper_given_twice_is_refused():
    with pytest.raises(ValueError, match="paper_id 'p' occurs more than once"):
        assign_topics(papers_of(("p", "RAG", None), ("p", "RAG", None)), TAXONOMY)


PIECES = st.sampled_from(
    [
        *("language model", "Diffusion Language Models", "LLM", "RAG", "rag", "memory", "robots"),
        *("episodic-memory", "agent", "VQ-VAE", " ", "  ", "-", "\n", ",", "é", "😀", "x", "λ"),
    ]
)
TEXTS = st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES, max_size=12).map("".join)
PAPERS = st.lists(st.tuples(TEXTS, st.none() | TEXTS), min_size=1, max_size=6).map(
    lambda texts: papers_of(*((f"p{n}", *pair) for n, pair in enumerate(texts)))
)


@pytest.mark.slow
@settings(deadline=None)
@given(papers=PAPERS, seed=st.integers(0, 99))
def test_the_order_of_the_papers_changes_nothing(papers: pl.DataFrame, seed: int):
    assigned = assign_topics(papers, TAXONOMY)
    shuffled = assign_topics(papers.sample(fraction=1, shuffle=True, seed=seed), TAXONOMY)
    assert assigned.topics.equals(shuffled.topics)
    assert assigned.evidence.equals(shuffled.evidence)


@pytest.mark.slow
@settings(deadline=None)
@given(papers=PAPERS)
def test_the_topics_of_a_paper_depend_on_no_other_paper(papers: pl.DataFrame):
    together = assign_topics(papers, TAXONOMY)
    alone = [assign_topics(papers[row], TAXONOMY) for row in range(papers.height)]
    assert together.topics.equals(pl.concat([each.topics for each in alone]))
    assert together.evidence.equals(pl.concat([each.evidence for each in alone]))


@pytest.mark.slow
@settings(deadline=None)
@given(papers=PAPERS)
def test_every_span_is_its_surface_and_no_two_of_a_text_stand_in_each_other(papers: pl.DataFrame):
    assigned = assign_topics(papers, TAXONOMY)
    texts = {(row["paper_id"], f): row[f] for row in papers.iter_rows(named=True) for f in row}
    strong: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for span in assigned.evidence.iter_rows(named=True):
        key, start, end = (span["paper_id"], span["field"]), span["span_start"], span["span_end"]
        assert texts[key][start:end] == span["surface"]
        if span["kind"] != "weak":
            others = strong.setdefault(key, [])
            assert not any(a <= start and end <= b for a, b in others)
            others.append((start, end))


@pytest.mark.slow
@settings(deadline=None)
@given(papers=PAPERS)
def test_every_paper_with_a_topic_has_one_primary_and_evidence_for_each(papers: pl.DataFrame):
    assigned = assign_topics(papers, TAXONOMY)
    counts = assigned.topics.group_by("paper_id").agg(pl.col("is_primary").sum())
    assert counts["is_primary"].to_list() == [1] * counts.height
    assert assigned.topics["score"].is_between(0, 1, closed="right").all()
    pairs = assigned.topics.select("paper_id", "topic_id")
    shown = assigned.evidence.select("paper_id", "topic_id").unique()
    assert pairs.sort(pl.all()).equals(shown.sort(pl.all()))


SHIPPED_TAXONOMY = build_taxonomy(read_taxonomy(None))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Attention Is All You Need for Text-to-Video Generation", "video-generation"),
        ("Scaling Vision-Language-Action Models for Robot Manipulation", "vision-language-action"),
        ("A Survey of World Models", "world-models"),
        ("Large Reasoning Models Overthink", "large-reasoning-models"),
        ("Test-Time Scaling of LLMs", "test-time-compute"),
        ("GUI Agents with Computer Use", "gui-agents"),
        ("GRPO without a Critic", "rl-verifiable-rewards"),
        ("KitchenTasks: A Benchmark of Daily Chores", "llm-evaluation"),
    ],
)
def test_the_shipped_taxonomy_knows_what_is_discussed_now(title: str, expected: str):
    topics = assign_topics(papers_of(("p", title, None)), SHIPPED_TAXONOMY).topics
    assert topics.filter("is_primary")["topic_id"].to_list() == [expected]


@pytest.mark.parametrize(
    "abstract",
    [
        "In an end-to-end fashion, boosting accuracy.",
        "The source code is available.",
        "Results on MT-Bench and CLIP score.",
        "A robust and efficient approach.",
        "We use AR decoding, then test-time search for TTS.",
    ],
)
def test_common_words_do_not_make_a_shipped_topic(abstract: str):
    found = assign_topics(papers_of(("p", "Untitled", abstract)), SHIPPED_TAXONOMY).topics
    assert set(found["topic_id"]) <= {"test-time-compute"}


ABOUT_COMMITTEES = (
    "We study how a committee is chosen. A rule that selects winners should be proportional, and"
    " agents with preferences over alternatives must have no incentive to lie. We show that"
    " computing winning committees is hard, and that strategic agents may manipulate ballots."
)


def test_a_paper_that_names_no_topic_gets_those_of_its_context_with_the_terms_that_say_so():
    found = assign_topics(papers_of(("p", "On Committees", ABOUT_COMMITTEES)), SHIPPED_TAXONOMY)
    primary = found.topics.filter("is_primary").row(0, named=True)
    assert (primary["topic_id"], primary["method"]) == ("social-choice-mechanism", "context")
    cited = found.evidence.filter(pl.col("topic_id") == primary["topic_id"])
    assert set(cited["kind"]) == {"context"}
    for span in cited.iter_rows(named=True):
        text = {"title": "On Committees", "abstract": ABOUT_COMMITTEES}[span["field"]]
        assert text[span["span_start"] : span["span_end"]] == span["surface"]


def test_a_text_of_few_words_has_no_context():
    assert topics_of("On Committees", "Agents rank alternatives.", SHIPPED_TAXONOMY) == set()


def test_a_paper_about_nothing_that_is_known_stays_unassigned():
    about_bread = (
        "Flour, water, salt and yeast are kneaded, left to rise, folded, shaped and baked until the"
        " crust turns brown; the loaf then cools on a rack for an hour before it is sliced and"
        " served with butter and jam at breakfast on Sunday."
    )
    assert topics_of("How to Bake Bread", about_bread, SHIPPED_TAXONOMY) == set()


@pytest.mark.parametrize("abstract", ["Our large language model is aligned. " * 8, None])
def test_a_paper_unlike_the_labelled_ones_has_only_the_topics_that_it_names(abstract: str | None):
    papers = papers_of(("p", "Preference Optimization of Vision-Language Models", abstract))
    topics = assign_topics(papers, SHIPPED_TAXONOMY).topics
    assert set(topics["method"]) == {"dictionary"}
    assert {"preference-optimization", "vision-language-models"} <= set(topics["topic_id"])


@pytest.mark.slow
def test_papers_in_many_parts_get_what_they_get_alone():
    texts = [("Robots and RAG", ABOUT_COMMITTEES), ("A Survey of World Models", None), ("", "")]
    many = papers_of(*((f"{n:05d}", *texts[n % 3]) for n in range(2_500)))
    together = assign_topics(many, SHIPPED_TAXONOMY)
    some = many[[0, 1, 2, 1_499, 2_499]]
    alone = [assign_topics(some[row], SHIPPED_TAXONOMY) for row in range(some.height)]
    chosen = together.topics.filter(pl.col("paper_id").is_in(some["paper_id"].to_list()))
    assert chosen.equals(pl.concat([each.topics for each in alone]))
    spans = together.evidence.filter(pl.col("paper_id").is_in(some["paper_id"].to_list()))
    assert spans.equals(pl.concat([each.evidence for each in alone]))


def test_papers_of_long_texts_in_parts_get_what_they_get_alone():
    long = "robots walk. " * 80_000
    papers = papers_of(("a", "RAG", long), ("b", "RAG", long + long), ("c", "Robots", None))
    alone = [assign_topics(papers[n : n + 1], TAXONOMY) for n in range(3)]
    together = assign_topics(papers, TAXONOMY)
    assert together.topics.equals(pl.concat([one.topics for one in alone]))
    assert together.evidence.equals(pl.concat([one.evidence for one in alone]))


def test_the_digest_of_the_rules_names_the_model_that_is_shipped():
    assert RULES_VERSION.split("/")[1] == shipped().version


def test_every_topic_of_the_shipped_model_is_one_of_the_shipped_taxonomy():
    assert set(shipped().topics) <= set(SHIPPED_TAXONOMY.topics["topic_id"])


def test_no_papers_and_papers_without_words_have_no_topics():
    none = assign_topics(papers_of(), SHIPPED_TAXONOMY)
    blank = assign_topics(papers_of(("p", "", None), ("q", "-", " \n")), SHIPPED_TAXONOMY)
    for assigned in (none, blank):
        assert (assigned.topics.columns, assigned.topics.height) == (TOPIC_COLUMNS, 0)
        assert (assigned.evidence.columns, assigned.evidence.height) == (EVIDENCE_COLUMNS, 0)


def test_topics_without_evidence_are_those_with_it() -> None:
    rows = [("b", "Robots and RAG", None), ("a", "Naïve graph neural networks", "Robots")]
    assigner = Assigner(SHIPPED_TAXONOMY)
    for papers in (papers_of(*rows), papers_of()):
        assert assigner.assign_without_evidence(papers).equals(assigner.assign(papers).topics)
