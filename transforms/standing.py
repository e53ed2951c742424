"""What a source says of a paper's standing: how it is announced, and whether it is withdrawn.

A retracted paper, and one that arXiv has removed, is withdrawn.
"""

import re

import polars as pl

_PAPER = (
    r"(?:arxiv\s{1,3})?(?:paper|article|preprint|e-?print|manuscript|submission|work|version|note"
    r"|letter|report|draft|thesis|document)"
)
_ASIDE = r"(?:\s?(?:\([^()]{1,80}\)|,[^.,;]{1,80},))?"
_BEEN = r"(?:(?:has|have)\s{1,3}(?:now\s{1,3}|temporarily\s{1,3})?been|was|is|is\s{1,3}being)"
_VERB = rf"\s{{1,3}}{_BEEN}"
_ADVERB = r"(?:(?:now|hereby|temporarily|voluntarily|permanently)\s{1,3})?"
_FROM_ELSEWHERE = r"(?!\s+(?:by\s+(?:\w{1,20}\s+){1,3})?from\s+(?!(?:the\s+)?arxiv\b))"
_GOES_ON = (
    r"(?=\s{0,3}(?:$|[.,;:!)\]\-\u2013\u2014(/])|\s+(?:by|due|because|since|as|for|until|pending|see"
    r"|owing|while|from|temporarily|following|upon|after|on|in\s+favou?r"
    r"|at\s+(?:the\s+)?(?:request|authors?)|and\s+(?:replaced|superseded|merged))\b)"
)
_WITHDRAWN = (
    rf"(?:(?:withdrawn|retracted)\b{_FROM_ELSEWHERE}{_GOES_ON}"
    r"|removed\s{1,3}(?:from\s{1,3}(?:the\s{1,3})?arxiv\b|by\s{1,3}(?:the\s{1,3})?arxiv\b))"
)
_SIZE = (
    r"(?:\d{1,5}\s{1,3}(?:pages?|pp?|figures?|figs?|tables?)\b\.?[\s,;.]{0,3}(?:and\s{1,3})?){0,5}"
)
_NOTE = r"(?:arxiv\s{1,3}admin(?:istrator)?\s{1,3}note\s?:\s{0,3})?"

_ALONE = re.compile(
    rf"[\s\W]{{0,5}}{_NOTE}{_SIZE}(?:{_PAPER}\s{{1,3}})?(?:{_BEEN}\s{{1,3}})?{_ADVERB}{_WITHDRAWN}",
    re.IGNORECASE,
)
"""Withdrawn, at the beginning of a comment or behind the numbers of pages and figures."""
_OF_THE_PAPER = re.compile(
    rf"(?:(?:^|[.;:,(\[])\s{{0,3}}(?:(?:this|the|our)\s{{1,3}})?|(?<!of )(?<!from )\bthis\s{{1,3}})"
    rf"{_PAPER}{_ASIDE}(?:{_VERB})?\s{{1,3}}{_ADVERB}{_WITHDRAWN}",
    re.IGNORECASE,
)
"""The paper has been withdrawn: it begins a clause, so that a version before it is not meant."""
_BY_US = re.compile(
    r"\b(?:we|i|authors?)\s{1,3}(?:(?:have|has|am|are)\s{1,3})?(?:now\s{1,3}|hereby\s{1,3})?"
    rf"(?:withdrawn|withdraw|withdrew|withdrawing|retract(?:ed|ing)?)\s{{1,3}}(?:this|the|our|my)\s{{1,3}}{_PAPER}\b"
    r"(?!\s+from\s+(?!(?:the\s+)?arxiv\b))",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(
    rf"[\s\W]{{0,5}}(?:this|the)\s{{1,3}}{_PAPER}{_ASIDE}{_VERB}\s{{1,3}}{_ADVERB}{_WITHDRAWN}",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\s*(?:[\[(]\s?(?i:retracted|withdrawn)(?i:\s{1,3}(?:article|paper|preprint))?\s?[\])]"
    r"|(?i:retracted)(?i:\s{1,3}(?:article|paper|preprint))?\s?:|WITHDRAWN(?:\s{1,3}[A-Z]{5,8})?\s?:)"
    r"|.{1,2000}\s[\[(]\s?(?i:retracted|withdrawn)(?i:\s{1,3}(?:article|paper|preprint))?\s?[\])]\s*$",
    re.DOTALL,
)
"""What publishers and indexes put before or behind a title. ``Withdrawn: ...`` may be a title."""
_LONGEST = 2_000
"""So much of a text is read."""

_ANNOUNCEMENTS = {
    "new": "new",
    "cross": "cross", "crosslist": "cross", "crosslists": "cross", "crosslisted": "cross",
    "xlist": "cross",
    "replace": "replace", "replaced": "replace", "replacement": "replace",
    "replacements": "replace", "update": "replace", "updated": "replace", "rep": "replace",
    "replacecross": "replace-cross", "replacedcross": "replace-cross",
    "replacementcross": "replace-cross", "replacecrosslist": "replace-cross",
    "replacementcrosslist": "replace-cross", "crossreplace": "replace-cross",
    "crossreplacement": "replace-cross",
    "withdrawn": "replace", "withdrawal": "replace", "wdr": "replace",
}  # fmt: skip
"""How feeds, mirrors and arXiv's own pages write each announce type, without what parts words."""
_WITHDRAWALS = ("withdrawn", "withdrawal", "wdr")


def _bare_type(words: pl.Expr) -> pl.Expr:
    return (
        words.str.to_lowercase()
        .str.replace_all(r"[\s_-]+", "")
        .str.replace(r"(?:submission|listing|paper|article)s?$", "")
    )


def announce_types(words: pl.Expr) -> pl.Expr:
    """Return the announce type that words stand for, such as ``Cross-lists`` for ``cross``; words
    that stand for none stay as they are.
    """
    bare = _bare_type(words)
    known = bare.replace_strict(_ANNOUNCEMENTS, default=None, return_dtype=pl.String)
    return pl.coalesce(known, words.str.strip_chars().str.to_lowercase())


def announced_withdrawal(words: pl.Expr) -> pl.Expr:
    """Tell whether a paper is announced as withdrawn; null where nothing is said."""
    return _bare_type(words).is_in(_WITHDRAWALS)


def title_says_withdrawn(title: str) -> bool:
    """Tell whether a title is marked, as in ``RETRACTED: ...`` and ``... (withdrawn)``."""
    return _TITLE.match(title[:_LONGEST]) is not None


def comment_says_withdrawn(comment: str) -> bool:
    """Tell whether a comment says that the paper itself is withdrawn.

    Withdrawn from a conference, not withdrawn, or an earlier version withdrawn is something else.
    """
    text = comment[:_LONGEST]
    return bool(_ALONE.match(text) or _OF_THE_PAPER.search(text) or _BY_US.search(text))


def abstract_says_withdrawn(abstract: str) -> bool:
    """Tell whether an abstract begins by saying that the paper has been withdrawn."""
    return bool(_ABSTRACT.match(abstract[:_LONGEST]))


def say_withdrawn(comments: pl.Series, abstracts: pl.Series, titles: pl.Series) -> pl.Series:
    """Return of each entry whether one of its texts says withdrawn; never null."""
    said = pl.Series([False]).new_from_index(0, len(comments))
    for texts, says in (
        (comments, comment_says_withdrawn),
        (abstracts, abstract_says_withdrawn),
        (titles, title_says_withdrawn),
    ):
        # one text in a thousand has such a word: only those are read
        rare = (
            texts.str.contains(r"(?i)withdr[ae]w|retract|removed\s+(?:by|from)\b")
            .fill_null(False)
            .arg_true()
        )
        hits = [row for row in rare if says(texts[row])]
        if hits:
            said = said.scatter(hits, True)
    return said
