"""Who is who: joins by content and title, un-joins, and what is left for review."""

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from transforms.resolve import Resolved, resolve, share_something
from transforms.schemas import ABSTRACT, IDENTITY

TITLE = "attentionisallyouneed"
OTHER_TITLE = "deepresiduallearning"
SHORT = "fifteenletters1"
EXACT = "sixteenletters16"

Identity = tuple[str, str | None, str | None, str]

PAPER: Identity = ("arxiv:1706.03762", "arxiv:1706.03762", "c1", TITLE)
NAMESAKE: Identity = ("arxiv:2501.00001", "arxiv:2501.00001", "c2", TITLE)
TITLE_ONLY: Identity = ("title:aaaa", None, None, TITLE)
SAME_TEXT: Identity = ("title:bbbb", None, "c1", TITLE)
OTHER_TEXT: Identity = ("title:cccc", None, "c9", TITLE)
PUBLISHED: Identity = ("doi:10.1/x", "doi:10.1/x", "c1", TITLE)

RECURRENT = "The dominant models are complex recurrent networks in an encoder and a decoder."
REWORDED = "Dominant models are complex recurrent networks in an encoder. We propose another."
FISHES = "Attention of zebrafish larvae is measured under light, over the first nine days."


def resolved(*identities: Identity, abstracts: dict[str, str] | None = None) -> Resolved:
    texts = pl.DataFrame(list((abstracts or {}).items()), schema=ABSTRACT, orient="row")
    return resolve(pl.DataFrame(identities, schema=IDENTITY, orient="row"), abstracts=texts)


def papers(*identities: Identity) -> dict[str, str]:
    return dict(resolved(*identities).aliases.iter_rows())


def decisions(*identities: Identity) -> set[tuple[str, str, str, str]]:
    edges = resolved(*identities).edges.select("left_id", "right_id", "rule", "decision")
    return set(edges.iter_rows())


def test_a_doi_is_joined_to_the_one_arxiv_id_of_its_content_and_so_are_their_titles() -> None:
    assert papers(PAPER, PUBLISHED, TITLE_ONLY) == dict.fromkeys(
        (PAPER[0], PUBLISHED[0], TITLE_ONLY[0]), PAPER[0]
    )
    assert decisions(PAPER, PUBLISHED) == {(PUBLISHED[0], PAPER[0], "content_key", "same")}
    copy: Identity = ("arxiv:2501.00002", "arxiv:2501.00002", "c1", TITLE)
    assert papers(PAPER, copy, PUBLISHED)[PUBLISHED[0]] == PUBLISHED[0]


@pytest.mark.parametrize(
    ("abstracts", "decision"),
    [
        (("c9", REWORDED), "same"),
        (("c9", FISHES), "review"),
        ((None, None), "review"),  # an id of its own is more than no id: a title is no proof
    ],
)
def test_a_title_joins_a_doi_and_an_arxiv_id_where_the_abstracts_agree_and_is_else_for_review(
    abstracts: tuple[str | None, str | None], decision: str
) -> None:
    content, text = abstracts
    published: Identity = (PUBLISHED[0], PUBLISHED[1], content, TITLE)
    known = {"c1": RECURRENT, **({content: text} if content and text else {})}
    found = resolved(PAPER, published, abstracts=known)
    assert found.edges.select("left_id", "right_id", "rule", "decision").rows() == [
        (PUBLISHED[0], PAPER[0], "title_key", decision)
    ]
    aliases = dict(found.aliases.iter_rows())
    assert aliases[PUBLISHED[0]] == (PAPER[0] if decision == "same" else PUBLISHED[0])


def test_what_a_person_says_of_a_doi_comes_before_its_content() -> None:
    rows = pl.DataFrame([PAPER, PUBLISHED, TITLE_ONLY], schema=IDENTITY, orient="row")
    apart = resolve(rows, apart={(PUBLISHED[0], PAPER[0])}).aliases
    assert dict(apart.iter_rows())[PUBLISHED[0]] == PUBLISHED[0]
    # who says that a paper is this DOI means the DOI
    named = resolve(rows, same={TITLE_ONLY[0]: PUBLISHED[0]}).aliases
    assert set(named["paper_id"]) == {PAPER[0], PUBLISHED[0]}
    told = resolve(rows, same={PUBLISHED[0]: PAPER[0]}).aliases
    assert set(told["paper_id"]) == {PAPER[0]}


def test_a_doi_of_two_titles_that_two_arxiv_ids_own_is_for_review() -> None:
    retitled: Identity = (PUBLISHED[0], PUBLISHED[1], "c6", OTHER_TITLE)
    other: Identity = (NAMESAKE[0], NAMESAKE[1], "c6", OTHER_TITLE)
    found = resolved(PAPER, other, PUBLISHED, retitled)
    assert set(found.edges["decision"]) == {"review"}
    both: Identity = (PAPER[0], PAPER[1], "c6", OTHER_TITLE)
    assert papers(PAPER, both, PUBLISHED, retitled)[PUBLISHED[0]] == PAPER[0]


def test_an_id_is_its_own_paper() -> None:
    assert papers(PAPER, NAMESAKE) == {PAPER[0]: PAPER[0], NAMESAKE[0]: NAMESAKE[0]}
    assert decisions(PAPER, NAMESAKE) == set()


def test_a_title_alone_joins_the_one_id_that_owns_it() -> None:
    assert papers(PAPER, TITLE_ONLY)[TITLE_ONLY[0]] == PAPER[0]
    assert decisions(PAPER, TITLE_ONLY) == {(TITLE_ONLY[0], PAPER[0], "title_key", "same")}


def test_a_second_id_with_the_same_title_undoes_the_join() -> None:
    assert papers(PAPER, NAMESAKE, TITLE_ONLY)[TITLE_ONLY[0]] == TITLE_ONLY[0]
    assert decisions(PAPER, NAMESAKE, TITLE_ONLY) == {
        (TITLE_ONLY[0], PAPER[0], "title_key", "review"),
        (TITLE_ONLY[0], NAMESAKE[0], "title_key", "review"),
    }


def test_the_content_decides_between_namesakes() -> None:
    assert papers(PAPER, NAMESAKE, SAME_TEXT)[SAME_TEXT[0]] == PAPER[0]
    assert decisions(PAPER, NAMESAKE, SAME_TEXT) == {
        (SAME_TEXT[0], PAPER[0], "content_key", "same")
    }


def test_a_content_that_two_ids_own_joins_neither_by_content_nor_by_title() -> None:
    copy: Identity = ("arxiv:2501.00002", "arxiv:2501.00002", "c1", TITLE)
    assert papers(PAPER, copy, SAME_TEXT)[SAME_TEXT[0]] == SAME_TEXT[0]
    assert decisions(PAPER, copy, SAME_TEXT) == {
        (SAME_TEXT[0], PAPER[0], "content_key", "review"),
        (SAME_TEXT[0], copy[0], "content_key", "review"),
    }


def test_another_abstract_under_the_same_title_joins_by_the_title() -> None:
    assert papers(PAPER, OTHER_TEXT)[OTHER_TEXT[0]] == PAPER[0]
    assert decisions(PAPER, OTHER_TEXT) == {(OTHER_TEXT[0], PAPER[0], "title_key", "same")}


@pytest.mark.parametrize(
    ("abstract", "decision", "score"), [(REWORDED, "same", 1.0), (FISHES, "review", 0.0)]
)
def test_a_title_joins_only_abstracts_that_share_something(
    abstract: str, decision: str, score: float
) -> None:
    found = resolved(PAPER, OTHER_TEXT, abstracts={"c1": RECURRENT, "c9": abstract})
    assert found.edges.select("left_id", "right_id", "rule", "decision", "score").rows() == [
        (OTHER_TEXT[0], PAPER[0], "title_key", decision, score)
    ]
    paper_id = PAPER[0] if decision == "same" else OTHER_TEXT[0]
    assert dict(found.aliases.iter_rows())[OTHER_TEXT[0]] == paper_id


def test_one_abstract_of_the_owner_that_shares_something_is_enough() -> None:
    second: Identity = (PAPER[0], PAPER[1], "c2", TITLE)
    known = {"c1": FISHES, "c2": RECURRENT, "c9": REWORDED}
    found = resolved(PAPER, second, OTHER_TEXT, abstracts=known)
    assert found.edges["decision"].to_list() == ["same"]


def test_an_owner_without_an_abstract_is_joined_by_its_title() -> None:
    bare: Identity = (PAPER[0], PAPER[1], None, TITLE)
    found = resolved(bare, OTHER_TEXT, abstracts={"c9": FISHES})
    assert found.edges["decision"].to_list() == ["same"]


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("a" * 39 + "b" * 60, "c" * 60 + "a" * 39, False),
        ("a" * 40 + "b" * 60, "c" * 60 + "a" * 40, True),
        ("wetrainalargemodel", "welookatalargemodel", True),
        ("wetrainalargemodel", "afishisnomodel", False),
        ("short", "thisisnoshortone", True),
        ("short", "thisisalongone", False),
        ("", "anything", True),
    ],
)
def test_abstracts_share_something_where_a_long_run_stands_in_both(
    one: str, other: str, answer: bool
) -> None:
    assert share_something(one, other) is share_something(other, one) is answer


def test_a_title_that_an_id_bore_once_still_counts() -> None:
    retitled: Identity = (PAPER[0], PAPER[1], "c5", OTHER_TITLE)
    assert papers(PAPER, retitled, TITLE_ONLY)[TITLE_ONLY[0]] == PAPER[0]
    claims_it_too: Identity = (NAMESAKE[0], NAMESAKE[1], "c6", OTHER_TITLE)
    found = papers(PAPER, retitled, TITLE_ONLY, NAMESAKE, claims_it_too)
    assert found[TITLE_ONLY[0]] == TITLE_ONLY[0]


def test_a_short_title_never_joins_but_its_content_does() -> None:
    owner: Identity = ("arxiv:2501.00003", "arxiv:2501.00003", "c3", SHORT)
    alone: Identity = ("title:dddd", None, None, SHORT)
    with_text: Identity = ("title:eeee", None, "c3", SHORT)
    found = papers(owner, alone, with_text)
    assert found[alone[0]] == alone[0]
    assert found[with_text[0]] == owner[0]
    assert decisions(owner, alone) == set()


def test_sixteen_characters_are_enough() -> None:
    owner: Identity = ("arxiv:2501.00004", "arxiv:2501.00004", None, EXACT)
    alone: Identity = ("title:ffff", None, None, EXACT)
    assert papers(owner, alone)[alone[0]] == owner[0]


def test_two_entries_without_an_id_are_not_joined_with_each_other() -> None:
    assert papers(TITLE_ONLY, OTHER_TEXT) == {
        TITLE_ONLY[0]: TITLE_ONLY[0],
        "title:cccc": "title:cccc",
    }


def test_a_missing_abstract_is_no_content_to_share() -> None:
    owner: Identity = ("arxiv:2501.00005", "arxiv:2501.00005", None, SHORT)
    alone: Identity = ("title:9999", None, None, SHORT)
    assert decisions(owner, alone) == set()


def test_a_key_says_its_paper_or_how_many_papers_share_it() -> None:
    found = resolved(PAPER, NAMESAKE, SAME_TEXT)
    expected = pl.DataFrame(
        [
            ("arxiv:1706.03762", "source_id", PAPER[0], 1),
            ("arxiv:2501.00001", "source_id", NAMESAKE[0], 1),
            ("content-key:c1", "content_key", PAPER[0], 1),
            ("content-key:c2", "content_key", NAMESAKE[0], 1),
            (f"title-key:{TITLE}", "title_key", None, 2),
        ],
        schema={
            "identity_key": pl.String,
            "kind": pl.String,
            "paper_id": pl.String,
            "owner_count": pl.Int32,
        },
        orient="row",
    )
    assert_frame_equal(found.identifiers, expected)


def test_an_edge_says_how_sure_it_is_and_why() -> None:
    sure = resolved(PAPER, SAME_TEXT).edges.row(0, named=True)
    assert (sure["score"], sure["evidence"]) == (1.0, "c1")
    unsure = resolved(PAPER, NAMESAKE, TITLE_ONLY).edges
    assert unsure["score"].to_list() == [0.5, 0.5]
    assert unsure["evidence"].to_list() == [TITLE, TITLE]


def test_nothing_at_all_resolves_to_nothing() -> None:
    empty = resolved()
    assert (empty.aliases.height, empty.identifiers.height, empty.edges.height) == (0, 0, 0)


_titles = st.sampled_from((TITLE, OTHER_TITLE, SHORT, EXACT))


@st.composite
def neighbourhoods(draw: st.DrawFn) -> list[Identity]:
    """Identities as entries have them: a content belongs to one title, an own id to one content."""
    identities: list[Identity] = []
    for _ in range(draw(st.integers(0, 12))):
        title = draw(_titles)
        abstract = draw(st.sampled_from((None, "a", "b")))
        content = f"{abstract}-{title}" if abstract else None
        source = draw(st.sampled_from((None, "arxiv:2501.00001", "arxiv:2501.00002", "doi:10.1/x")))
        identities.append((source or f"title:{content or title}", source, content, title))
    return identities


@pytest.mark.slow
@given(neighbourhoods(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(
    identities: list[Identity], chance: random.Random
) -> None:
    shuffled = [*identities, *identities[:3]]
    chance.shuffle(shuffled)
    known = {
        content: RECURRENT if content.startswith("a-") else FISHES
        for *_, content, _ in identities
        if content
    }
    straight = resolved(*identities, abstracts=known)
    mixed = resolved(*shuffled, abstracts=dict(reversed(known.items())))
    for name in ("aliases", "identifiers", "edges"):
        assert_frame_equal(getattr(straight, name), getattr(mixed, name))


@pytest.mark.slow
@given(neighbourhoods())
def test_what_shares_no_title_and_no_doi_can_be_resolved_apart(
    identities: list[Identity],
) -> None:
    whole = resolved(*identities)
    edges: set[tuple[object, ...]] = set()
    aliases: set[tuple[object, ...]] = set()
    titles = {title for *_, title in identities}
    of_doi = {title for own_id, *_, title in identities if own_id == PUBLISHED[0]}
    for together in (of_doi, *({title} for title in titles - of_doi)):
        part = resolved(*[one for one in identities if one[3] in together])
        edges |= set(part.edges.iter_rows())
        aliases |= set(part.aliases.iter_rows())
    assert set(whole.edges.iter_rows()) == edges
    assert set(whole.aliases.iter_rows()) == aliases


@given(neighbourhoods())
def test_every_entry_has_one_paper_and_every_join_an_edge(identities: list[Identity]) -> None:
    found = resolved(*identities)
    aliases = dict(found.aliases.iter_rows())
    same = {
        (left, right)
        for left, right, decision in found.edges.select(
            "left_id", "right_id", "decision"
        ).iter_rows()
        if decision == "same"
    }
    assert aliases.keys() == {own_id for own_id, *_ in identities}
    assert {pair for pair in aliases.items() if pair[0] != pair[1]} == same
    assert all(aliases[paper_id] == paper_id for paper_id in aliases.values())


def test_a_title_of_very_many_ids_joins_nothing_and_is_not_paired_with_each_of_them() -> None:
    named = [(f"arxiv:2501.{n:05}", f"arxiv:2501.{n:05}", f"a{n}", TITLE) for n in range(300)]
    nameless: list[Identity] = [(f"title:{n}", None, f"b{n}", TITLE) for n in range(300)]
    found = resolved(*named, *nameless)
    assert found.edges.group_by("left_id").len()["len"].unique().to_list() == [10]
    assert set(found.edges["right_id"]) == {own_id for own_id, *_ in named[:10]}
    assert set(found.edges["decision"]) == {"review"}
    assert set(found.edges["score"]) == {1 / 300}
    assert (found.aliases["alias_id"] == found.aliases["paper_id"]).all()


def test_abstracts_are_compared_with_the_first_ones_of_a_paper_that_has_very_many() -> None:
    shown = [(*PAPER[:2], f"a{n}", TITLE) for n in range(50)]
    texts = dict.fromkeys((f"a{n}" for n in range(50)), FISHES) | {"c9": REWORDED}
    assert resolved(*shown, OTHER_TEXT, abstracts=texts).edges["decision"].to_list() == ["review"]
    texts["a0"] = RECURRENT
    assert resolved(*shown, OTHER_TEXT, abstracts=texts).edges["decision"].to_list() == ["same"]
