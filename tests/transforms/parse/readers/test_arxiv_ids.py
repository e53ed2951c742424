"""arXiv ids in every spelling, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.parse.entry import Misfit
from transforms.parse.readers.arxiv_ids import (
    agreed_id,
    arxiv_id,
    categories,
    doi_id,
    is_category,
    is_elsewhere,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2309.17401", "2309.17401"),
        (" 2309.17401v2 ", "2309.17401v2"),
        ("arXiv:2309.17401", "2309.17401"),
        ("arxiv: 0706.0001v1 [q-bio.CB]", "0706.0001v1"),
        ("oai:arXiv.org:hep-th/9901001", "hep-th/9901001"),
        ("math.GT/0309136", "math/0309136"),
        ("http://arxiv.org/abs/cs/0503050v1", "cs/0503050v1"),
        ("https://arxiv.org/pdf/2309.17401v3.pdf", "2309.17401v3"),
        ("https://export.arxiv.org/abs/2309.17401?context=cs", "2309.17401"),
        ("https://huggingface.co/papers/2309.17401#community", "2309.17401"),
        ("https://huggingface.co/api/papers/2309.17401", "2309.17401"),
        ("https://hf.co/papers/2309.17401/", "2309.17401"),
        ("/papers/2309.17401", "2309.17401"),
        ("10.48550/arXiv.2309.17401", "2309.17401"),
        ("https://doi.org/10.48550/ARXIV.2309.17401", "2309.17401"),
        ("doi:10.48550/arXiv.2309.17401v2", "2309.17401v2"),
        ("DOI: 10.48550/ARXIV.2309.17401V2", "2309.17401v2"),
        ("info:doi/10.48550/arXiv.2309.17401", "2309.17401"),
        ("urn:doi:10.48550/arXiv.2309.17401", "2309.17401"),
        ("http://dx.doi.org/10.48550%2FarXiv.2309.17401?lang=en", "2309.17401"),
        ("10.48550/ARXIV.HEP-TH/9901001", "hep-th/9901001"),
        ("https://doi.org/10.48550/arXiv.math.GT/0309136", "math/0309136"),
    ],
)
def test_an_id_is_found_in_every_spelling(text: str, found: str) -> None:
    assert arxiv_id(text) == found


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "a title with 2309.17401 in it",
        "2503.0213",  # five digits since 2015: this one was a number once
        "1412.12345",
        "2313.17401",
        "0707.1",
        "hep-th/9913001",
        "0703.0001",  # new ids begin in April 2007
        "1412.0000",  # papers are counted from 1
        "2503.00000",
        "hep-th/9901000",
        "hep-th/0704001",
        "hep-th/9106001",
        "https://huggingface.co/blog/2309.17401",
        "https://huggingface.co/datasets/town/2309.17401",
        "https://huggingface.co/2309.17401",
        "https://a-mirror.example/p/2309.17401",
        "https://town.example/bridge/2503.09603",
        "hepth/9901003",
        "10.48550/arXiv.hepth/9901003",
        "https://arxiv.org/abs/hepth/9901003",
        "arXiv:computer/9901003",
        "10.1000/arXiv.2309.17401",
        "https://doi.org/10.1234/2309.17401",
        "https://openreview.net/forum?id=2309.17401",
        "https://arxiv.org/list/cs.LG/2309.17401",
        "https://arxiv.org/abs/2309.174011",
    ],
)
def test_what_only_looks_like_an_id_is_none(text: str | None) -> None:
    assert arxiv_id(text) is None


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("DOI:https://doi.org/10.1145/3292500", "doi:10.1145/3292500"),
        ("https://doi.org/10.1109/CVPR52688.2022.01234", "doi:10.1109/cvpr52688.2022.01234"),
        ("DOI: 10.1016/S0004-3702(01)00129-1", "doi:10.1016/s0004-3702(01)00129-1"),
        ("https://dx.doi.org/10.1016/S0004-3702%2801%2900129-1/?x=1#top",
         "doi:10.1016/s0004-3702(01)00129-1"),
        ("10.5281/zenodo.1234v2", "doi:10.5281/zenodo.1234v2"),
        ("10.48550/arXiv.2309.17401", None),
        ("10.48550/arXiv.2313.17401", None),
        ("https://dl.acm.org/doi/10.1145/3292500.3330701", None),
        ("https://doi.org/10.1145/3292500.3330701.", "doi:10.1145/3292500.3330701"),
        ("10.1145/3292500 and 10.1145/3292501", None),
        ("10.1145/", None),
        ("2309.17401", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_doi_is_found_in_every_spelling_but_not_in_other_links(
    text: str | None, doi: str | None
) -> None:
    assert doi_id(text) == doi


def test_a_doi_is_the_id_where_nothing_has_to_do_with_arxiv() -> None:
    misfits: list[Misfit] = []
    doi = "https://doi.org/10.1145/3292500.3330701"
    assert agreed_id(0, [doi, "https://openreview.net/forum?id=x1"], misfits) == (
        "doi:10.1145/3292500.3330701"
    )
    assert agreed_id(0, [doi, "2309.17401v2"], misfits) == "2309.17401v2"
    # what should be an arXiv id and is none is not passed over for it
    assert agreed_id(0, [doi, "arXiv:2313.17401"], misfits) == "arXiv:2313.17401"
    assert agreed_id(0, ["2313.17401", doi], misfits) is None
    assert misfits == []
    assert agreed_id(0, [doi, "10.1145/3292500.9"], misfits) is None
    assert [(found.field, found.rule) for found in misfits] == [("link", "ambiguous")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("https://www.mirror.example/abs/2309.17401v2", "2309.17401v2"),
        ("https://mirror.example/p/2309.17401?lang=en", "2309.17401"),
        ("https://mirror.example/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://mirror.example/news/2309", None),
        ("https://mirror.example/2309.17401", "2309.17401"),
        ("https://mirror.example/Blog/2309.17401", None),
        ("https://not-mirror.example/abs/2309.17401", None),
        ("https://mirror.example.town.example/abs/2309.17401", None),
    ],
)
def test_a_host_that_the_feed_declares_has_links_that_end_in_an_id(
    text: str, found: str | None
) -> None:
    assert arxiv_id(text, frozenset(["mirror.example"])) == found


@given(st.text(max_size=400))
def test_any_text_has_an_answer(text: str) -> None:
    found = arxiv_id(text)
    assert found is None or arxiv_id(found) == found
    doi = doi_id(text)
    assert doi is None or doi_id(doi) == doi
    is_elsewhere(text)
    categories(text)


@pytest.mark.parametrize(
    "dressed",
    [
        "[2503.01517](https://arxiv.org/abs/2503.01517)",
        "<https://arxiv.org/abs/2503.01517>",
        '=HYPERLINK("https://arxiv.org/abs/2503.01517","paper")',
        '<a class="t" href="https://arxiv.org/abs/2503.01517">a paper</a>',
    ],
)
def test_a_link_is_read_as_notes_pages_and_sheets_have_it(dressed: str) -> None:
    assert agreed_id(0, [dressed], []) == "2503.01517"
    elsewhere = dressed.replace("arxiv.org", "town.example")
    assert agreed_id(0, [elsewhere], []) is None


def test_the_version_comes_from_whichever_text_has_it() -> None:
    misfits: list[Misfit] = []
    texts = ["https://arxiv.org/abs/2302.02913", None, "oai:arXiv.org:2302.02913v3"]
    assert agreed_id(0, texts, misfits) == "2302.02913v3"
    assert misfits == []


def test_two_papers_under_one_entry_are_no_identity() -> None:
    misfits: list[Misfit] = []
    assert agreed_id(4, ["2302.02913", "https://arxiv.org/abs/2302.02914"], misfits) is None
    assert [(found.position, found.field, found.rule) for found in misfits] == [
        (4, "source_id", "ambiguous")
    ]


def test_a_broken_arxiv_link_stays_to_be_refused_and_a_link_elsewhere_does_not() -> None:
    assert agreed_id(0, ["https://arxiv.org/pdf/24061.4539"], []) == (
        "https://arxiv.org/pdf/24061.4539"
    )
    assert agreed_id(0, ["https://openreview.net/pdf?id=x1"], []) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("cs.LG stat.ML", ["cs.LG", "stat.ML"]),
        ("hep-th", ["hep-th"]),
        ("Subjects: Machine Learning (cs.LG); Computation (stat.CO)", ["cs.LG", "stat.CO"]),
        ("Machine Learning (cs.LG)", ["cs.LG"]),
        ("cs.LG, cs.AI, cs.LG", ["cs.LG", "cs.AI"]),
        ("Subjects: Machine Learning; Optimization", ["Machine Learning", "Optimization"]),
    ],
)
def test_categories_are_codes_where_the_text_has_codes(text: str, codes: list[str]) -> None:
    assert categories(text) == codes


def test_only_codes_of_arxiv_are_categories() -> None:
    assert [text for text in ("cs.LG", "quant-ph", "llm", "68T05") if is_category(text)] == [
        "cs.LG",
        "quant-ph",
    ]
