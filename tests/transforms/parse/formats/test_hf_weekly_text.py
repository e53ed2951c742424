"""Weekly text dumps, in the usual layout and in the ways in which a dump may differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples.hf_weekly_text import DUMP
from tests.transforms.parse.judged import (
    FEWER,
    assert_is_sound,
    assert_nothing_is_lost,
    damaged,
    judge,
)
from transforms.parse.entry import Context, Parsed
from transforms.parse.formats.hf_weekly_text import is_hf_weekly_text, parse


def take(text: str) -> Parsed:
    """Parse a dump."""
    return parse(text, Context())


def test_every_block_is_a_paper() -> None:
    judged = judge(take(DUMP), "arxiv-optional")
    assert judged.column("source_id") == ["arxiv:2406.14539", "arxiv:2406.11410"]
    assert judged.column("source_version") == [None, 2]
    assert judged.column("title") == [
        "Counting Small Things Without Losing Any",
        "A Title That Goes On: Over Two Lines",
    ]
    assert judged.column("abstract")[1] == (
        "The abstract goes on as well, over a line with a colon: and more."
    )
    assert (judged.rejected, judged.issues) == ([], [])


@pytest.mark.parametrize("change", [("\n", "\r\n"), ("\n", "\r"), ("---\n", "-----  \n\n")])
def test_line_ends_and_separators_of_another_machine_change_nothing(
    change: tuple[str, str],
) -> None:
    keys = judge(take(DUMP), "arxiv-optional").column("content_key")
    changed = "\ufeff" + DUMP.replace(*change)
    assert is_hf_weekly_text(changed)
    assert judge(take(changed), "arxiv-optional").column("content_key") == keys


def test_a_paper_without_a_link_or_an_abstract_is_accepted_where_ids_are_optional() -> None:
    text = (
        "Title: No Link Here\nSummary: Words.\n---\n"
        "Title: No Words\nPDF: arXiv:2406.14539\nSummary:"
    )
    judged = judge(take(text), "arxiv-optional")
    assert judged.column("source_id") == [None, "arxiv:2406.14539"]
    assert judged.column("abstract") == ["Words.", None]
    assert judge(take(text), "arxiv").reasons() == [("source_id", "required")]


def test_dumps_without_separators_are_read_by_their_labels() -> None:
    text = DUMP.replace("---\n", "\n")
    assert [entry.source_id for entry in take(text).entries] == ["2406.14539", "2406.11410v2"]


def test_a_link_elsewhere_is_an_issue_and_a_broken_one_a_rejection() -> None:
    text = (
        "Title: Elsewhere\nPDF: https://openreview.net/pdf?id=x\nSummary: Words.\n---\n"
        "Title: Broken\nPDF: https://arxiv.org/pdf/24061.4539\nSummary: Words.\n---\n"
    )
    judged = judge(take(text), "arxiv-optional")
    assert judged.column("title") == ["Elsewhere"]
    assert [(issue["field"], issue["rule"]) for issue in judged.issues] == [("link", "not_arxiv")]
    assert judged.reasons() == [("source_id", "id_scheme")]
    assert "24061.4539" in judged.rejected[0]["payload"]


def test_a_block_without_a_title_is_rejected_with_what_it_holds() -> None:
    judged = judge(take("the end of an abstract\n---\n" + DUMP + "the end"), "arxiv-optional")
    assert judged.reasons() == [("title", "required")] * 2
    assert [reject["payload"] for reject in judged.rejected] == [
        '"the end of an abstract"',
        '"the end"',
    ]
    assert len(judged.accepted) == 2


def test_text_before_the_first_title_is_noted() -> None:
    judged = judge(take("Papers of the week\n" + DUMP), "arxiv-optional")
    assert [(issue["field"], issue["value"]) for issue in judged.issues] == [
        ("text", "Papers of the week")
    ]


def test_other_texts_are_not_taken_for_dumps() -> None:
    assert is_hf_weekly_text(DUMP)
    assert not is_hf_weekly_text("Title: A letter\n\nDear all,\n")
    assert not is_hf_weekly_text("# Notes\nSummary: none")


@pytest.mark.slow
@FEWER
@given(
    st.lists(st.tuples(st.integers(0, 600), st.integers(0, 40), st.text(max_size=20)), max_size=5)
)
def test_a_damaged_dump_loses_nothing(cuts: list[tuple[int, int, str]]) -> None:
    text = damaged(DUMP, cuts)
    is_hf_weekly_text(text)
    parsed = take(text)
    assert_nothing_is_lost(parsed, "arxiv-optional")


@given(
    st.lists(st.sampled_from(["Title: A", "PDF: x", "Summary: b", "---", "", "text"]), max_size=12)
)
def test_lines_in_any_order_lose_nothing(lines: list[str]) -> None:
    assert_is_sound(take("\n".join(lines)))


def test_labels_in_bold_and_more_of_them_are_read() -> None:
    parsed = take(
        "# Papers\n\n**Title:** Small Things\n**Authors:** Ada Lovelace, Alan Turing\n"
        "**Date:** 2023-09-29\n**PDF:** https://arxiv.org/pdf/2309.17401\n"
        "**Summary:** We count.\nAuthors: none of these.\n***\n"
        "2. Title: Other Things\nUpvotes: 1.2k\nLink: arXiv:2309.17402\nAbstract: More.\n=====\n"
    )
    first, second = judge(parsed).accepted
    assert (first["title"], first["authors"]) == ("Small Things", ["Ada Lovelace", "Alan Turing"])
    assert first["abstract"] == "We count. Authors: none of these."
    assert str(first["published_date"]) == "2023-09-29"
    assert (second["source_id"], second["votes"]) == ("arxiv:2309.17402", 1200)


def test_labels_behind_the_summary_are_no_words_of_it() -> None:
    body = (
        "Title: Slow Mirrors\nPDF: https://arxiv.org/pdf/2506.01234\nSummary: We count.\n"
        "Votes: by hand.\nAuthors: Ada Example, Ben Sample\nPublished: 2025-06-04\nUpvotes: 12\n"
    )
    (entry,) = parse(body, Context()).entries
    assert entry.abstract == "We count.\nVotes: by hand."
    assert (entry.votes, entry.published_date) == (12, "2025-06-04")
    assert entry.authors == ["Ada Example", "Ben Sample"]
