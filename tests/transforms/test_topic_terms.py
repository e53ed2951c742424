"""Terms that the taxonomy does not know: which they are, and which spellings are one."""

from itertools import product

import polars as pl

from config.taxonomy import check_topics
from transforms.taxonomy import build_taxonomy
from transforms.topics.terms import TERM, TermLister, find_names, list_names, term_key

TAXONOMY = build_taxonomy(
    check_topics(
        {
            "version": "1",
            "areas": [{"id": "area", "name": "Area"}],
            "fields": [{"id": "field", "name": "Field", "parent": "area"}],
            "topics": [
                {"id": "robots", "name": "Robots", "parent": "field", "aliases": ["robot arm"]}
            ],
        }
    )
)


def terms_of(title: str, abstract: str | None = None) -> dict[str, str]:
    papers = pl.DataFrame({"paper_id": ["p"], "title": [title], "abstract": [abstract]})
    terms = TermLister(TAXONOMY).list(papers)
    assert terms.schema == pl.Schema(TERM)
    return dict(zip(terms["term_key"], terms["term"], strict=True))


def test_phrases_of_the_title_and_names_of_the_abstract_are_terms_in_their_first_spelling():
    assert terms_of("Slow Thinking with GRPO", "With grpo and LoRA we think. Code is open.") == {
        "slowthinking": "slow thinking",
        "thinkingwithgrpo": "thinking with GRPO",
        "grpo": "GRPO",
        "lora": "LoRA",
    }


def test_a_word_with_a_letter_that_ascii_has_not_is_in_no_term():
    # folding puts a control character in its place
    assert terms_of("Fast M\u00f8ller Scattering Angles") == {
        "scatteringangle": "scattering angles"
    }


def test_what_the_taxonomy_spells_or_a_part_of_it_is_no_term():
    assert terms_of("Robot Arms", "A RobotArm") == {}


def test_case_hyphens_spaces_and_the_plural_make_no_other_term():
    spellings = ("Fine-tuned Models", "finetuned model", "fine tuned model", "FineTuned Models")
    assert len({term_key(spelling) for spelling in spellings}) == 1
    assert term_key("LLMs") == term_key("LLM")
    assert term_key("analysis") == "analysis"
    assert term_key("loss") == "loss"


def test_names_have_inner_capitals_or_digits_and_compounds_are_whole():
    text = "We use DeepSeek-R1, GPT-4o and LLM-based Agents at https://x.org/AbC in 7B of 2D."
    assert list_names(text) == ["DeepSeek R1", "GPT 4o", "LLM"]


def test_names_of_many_texts_are_those_of_each_by_itself():
    texts = [
        "",
        "GRPO",
        "aB",
        "no name, but A and The 7B of 2D; gpt4 or x1",
        "LoRA,QLoRA (GPT 4o) see https://x.org/AbC.dEF fooBarhttp://y.org ftp://z/GoOd",
        "-LLM- _xY_ a-B--cD 3aB",
        *("".join(some) for some in product("aB1-,", repeat=5)),
    ]
    assert [list(names) for names in find_names(texts * 2)] == [
        list_names(text) for text in texts * 2
    ]


def test_of_a_text_of_nothing_but_names_the_first_thousand_are_terms():
    (names,) = find_names([" ".join(f"Name{number}" for number in range(3_000))])
    assert list(names) == [f"Name{number}" for number in range(1_000)]
