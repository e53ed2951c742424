"""Which comments say that a paper is withdrawn, and which only hold the word."""

import polars as pl
import pytest

from transforms.standing import (
    abstract_says_withdrawn,
    comment_says_withdrawn,
    say_withdrawn,
    title_says_withdrawn,
)

WITHDRAWN = (
    "This paper has been withdrawn by the author",
    "This paper has been withdrawn by the author(s) due to a crucial sign error in equation 1.",
    "This paper has been withdrawn",
    "This paper has been temporarily withdrawn by the authors, pending a correction",
    "This submission has been withdrawn by arXiv administrators due to disputed authorship",
    "arXiv admin note: This submission has been withdrawn by arXiv administrators",
    "The paper has been withdrawn from arXiv by the author",
    "This article was withdrawn.",
    "This paper is withdrawn; see arXiv:2501.00001",
    "This manuscript (v3) has been withdrawn because of an error in Lemma 2",
    "Withdrawn",
    "withdrawn.",
    "WITHDRAWN: an error in the proof",
    "Withdrawn by the authors",
    "Withdrawn due to errors",
    "Withdrawn, superseded by arXiv:2501.00001",
    "Withdrawn from arXiv",
    "(withdrawn)",
    "Paper withdrawn",
    "Paper withdrawn by the author, see hep-th/9901001",
    "10 pages, 3 figures. This paper has been withdrawn",
    "12 pages this paper has been withdrawn by the author",
    "5 pages, withdrawn",
    "The authors have withdrawn this paper due to an error",
    "We withdraw this paper from arXiv",
    "I have withdrawn my paper",
    "This paper has been retracted by the authors",
    "12 pages. Retracted due to an error in Lemma 2",
    "The authors have retracted this paper",
    "has been withdrawn",
    "arXiv admin note: This paper has been removed by arXiv administrators",
)
NOT_WITHDRAWN = (
    "withdrawn from ICLR",
    "Withdrawn from ICLR 2025 after the reviews",
    "Withdrawn by the authors from NeurIPS",
    "This paper has been withdrawn from ICLR 2024 and submitted to TMLR",
    "We withdrew this paper from ICML",
    "ICLR 2025 withdrawn submission",
    "Withdrawn ICLR submission",
    "Submitted to ICLR 2024 (withdrawn)",
    "not withdrawn",
    "This paper is not withdrawn",
    "This paper has not been withdrawn",
    "An earlier version of this paper was withdrawn",
    "The previous version was withdrawn; this one is corrected",
    "v1 was withdrawn",
    "Replaces the withdrawn paper arXiv:2501.00001",
    "A study of withdrawn drugs, 12 pages",
    "We study papers withdrawn from arXiv",
    "The claim of Theorem 2 is withdrawn",
    "withdrawnness of agents",
    "retracted from PLoS ONE",
    "12 pages; on retracted surfaces",
    "An earlier version was retracted",
    "The appendix was removed from this version",
    "12 pages, 3 figures",
    "",
)


@pytest.mark.parametrize("comment", WITHDRAWN)
def test_a_comment_that_says_of_the_paper_that_it_is_withdrawn_is_told(comment: str) -> None:
    assert comment_says_withdrawn(comment)


@pytest.mark.parametrize("comment", NOT_WITHDRAWN)
def test_a_comment_in_which_something_else_is_withdrawn_is_not(comment: str) -> None:
    assert not comment_says_withdrawn(comment)


def test_an_abstract_counts_only_where_it_begins_so() -> None:
    assert abstract_says_withdrawn("This paper has been withdrawn by the author due to an error.")
    assert not abstract_says_withdrawn("Withdrawn, lonely agents are studied.")
    assert not abstract_says_withdrawn("We reason about why this paper has been withdrawn.")


@pytest.mark.parametrize(
    ("title", "is_withdrawn"),
    [
        ("RETRACTED: Small Things", True),
        ("[Retracted] Small Things", True),
        ("Retracted article: Small Things", True),
        ("WITHDRAWN: Small Things", True),
        ("Small Things (withdrawn)", True),
        ("Withdrawn: How People Leave", False),
        ("Retraction: Small Things", False),
        ("Retracted Spaces and Their Shape", False),
        ("Withdrawn Consent", False),
    ],
)
def test_a_title_counts_only_where_it_is_marked(title: str, is_withdrawn: bool) -> None:
    assert title_says_withdrawn(title) == is_withdrawn


def test_rows_are_judged_each_by_its_own_texts() -> None:
    comments = pl.Series(["Withdrawn", None, "12 pages", None], dtype=pl.String)
    abstracts = pl.Series(["a", "This paper has been withdrawn.", "b", None], dtype=pl.String)
    titles = pl.Series(["A", "B", "RETRACTED: C", None], dtype=pl.String)
    assert say_withdrawn(comments, abstracts, titles).to_list() == [True, True, True, False]
    assert say_withdrawn(*(s.head(0) for s in (comments, abstracts, titles))).to_list() == []
