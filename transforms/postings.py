"""The words of texts, counted: how often each stands in each field of each paper.

What lies between blanks is a token. Of a hundred tokens two or three are distinct, so that somebody
else says once for each of these which words it has; all else here is arithmetic with their numbers.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]

FIELDS: Final = ("title", "author", "topic", "abstract")
MOST: Final = 32_767
"""A word that stands more often in a field counts so often."""
# a key is the place of a word in the vocabulary, the row of a paper and the number of a field
_FIELD_BITS: Final = np.uint64(2)
_PAPER_BITS: Final = np.uint64(30)
_IS_FIELD: Final = np.uint64((1 << 2) - 1)
_IS_PAPER: Final = np.uint64((1 << 30) - 1)
_NO_WORD: Final = ~np.uint64(0)


@dataclass(frozen=True)
class Tokens:
    """What lies between the blanks of texts: each distinct one, and where they stand."""

    distinct: pl.DataFrame
    """(number, token), a row per distinct token; numbers count from 0."""
    number: NDArray[np.uint32]
    """By occurrence."""
    place: Keys
    """By occurrence: four times the row of the paper, plus the number of the field."""


@dataclass(frozen=True)
class Postings:
    """How often words stand in papers."""

    words: pa.Table
    """(word, paper_id, title_count, author_count, topic_count, abstract_count), a row per word and
    paper, in the order of words and of rows of papers. Both texts are numbers with a dictionary:
    there are millions of rows."""
    papers: pl.DataFrame
    """(paper_id, title_words, author_words, topic_words, abstract_words): sums of these counts."""


def split_tokens(papers: pl.DataFrame) -> Tokens:
    """Return the tokens of papers (columns ``FIELDS``, whose texts may be null); of 2 ** 30 papers
    at most.
    """
    rows = np.arange(papers.height, dtype=np.uint64) << _FIELD_BITS
    tokens, places = [], []
    for field, name in enumerate(FIELDS):
        split = papers[name].fill_null("").str.split(" ")
        tokens.append(split.explode())
        places.append(np.repeat(rows | np.uint64(field), split.list.len().to_numpy()))
    # categories of their own: their numbers begin at 0, and they are forgotten with the column
    known = pl.Categories.random()
    numbered = pl.concat(tokens).cast(pl.Categorical(known))
    distinct = pl.DataFrame({"token": known.to_series()}).with_row_index("number")
    return Tokens(distinct, numbered.to_physical().to_numpy(), np.concatenate(places))


def count_words(tokens: Tokens, words: pl.DataFrame, paper_ids: pl.Series) -> Postings:
    """Return how often words stand in the papers whose tokens these are.

    ``words`` are those of the distinct tokens, as (number, word): a row for each time that a token
    has a word, in any order. ``paper_ids`` are in the order of the rows that were split.
    """
    vocabulary = words["word"].unique().sort()
    pairs, counts = _count_runs(_list_occurrences(tokens, words, vocabulary))
    word, paper = pairs >> _PAPER_BITS, (pairs & _IS_PAPER).astype(np.int64)
    sums = [np.bincount(paper, weights=of, minlength=len(paper_ids)) for of in counts]
    columns = {
        "word": _number(word, vocabulary),
        "paper_id": _number(paper, paper_ids),
        **{f"{field}_count": _to_arrow(of) for field, of in zip(FIELDS, counts, strict=True)},
    }
    return Postings(
        pa.Table.from_arrays(list(columns.values()), names=list(columns)),
        pl.DataFrame(
            {
                "paper_id": paper_ids,
                **{f"{field}_words": of for field, of in zip(FIELDS, sums, strict=True)},
            }
        ).cast({f"{field}_words": pl.Int32 for field in FIELDS}),
    )


def _number(rows: NDArray[Any], texts: pl.Series) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(_to_arrow(rows.astype(np.uint32)), texts.to_arrow())


def _to_arrow(numbers: NDArray[Any]) -> pa.Array:
    """Return numbers as Arrow has them; by its own way it would import pandas."""
    return pl.Series(numbers).to_arrow()


def _list_occurrences(tokens: Tokens, words: pl.DataFrame, vocabulary: pl.Series) -> Keys:
    """Return a key for each word of each token: the place of the word in the vocabulary, and behind
    it that of the token in the texts; `_NO_WORD` for tokens without any.
    """
    places = pl.DataFrame({"word": vocabulary}).with_row_index("place")
    known = words.join(places, on="word").sort("number")
    place = known["place"].to_numpy().astype(np.uint64) << (_PAPER_BITS + _FIELD_BITS)
    count = np.bincount(known["number"].to_numpy(), minlength=tokens.distinct.height)
    begin = np.cumsum(count) - count
    first = np.full(len(count), _NO_WORD)
    first[count > 0] = place[begin[count > 0]]
    keys: Keys = first[tokens.number] | tokens.place
    # what has several words, such as "state-of-the-art", is rare
    more = np.flatnonzero((count > 1)[tokens.number])
    number = tokens.number[more]
    later = count[number] - 1
    within = np.arange(later.sum()) - np.repeat(np.cumsum(later) - later, later)
    at = np.repeat(begin[number] + 1, later) + within
    return np.concatenate([keys, place[at] | np.repeat(tokens.place[more], later)])


def _count_runs(keys: Keys) -> tuple[Keys, NDArray[np.int16]]:
    """Return the distinct pairs of word and paper in their order, and by field and pair how often
    they occur.
    """
    keys = np.sort(keys)
    keys = keys[: np.searchsorted(keys, _NO_WORD)]
    runs = _find_runs(keys)
    often = np.diff(runs, append=len(keys))
    found = keys[runs]
    pairs, field = found >> _FIELD_BITS, (found & _IS_FIELD).astype(np.int64)
    begins = _find_runs(pairs)
    row = np.repeat(np.arange(len(begins)), np.diff(begins, append=len(pairs)))
    counts = np.zeros((len(FIELDS), len(begins)), dtype=np.int16)
    counts[field, row] = np.minimum(often, MOST)
    return pairs[begins], counts


def _find_runs(keys: Keys) -> Ints:
    """Return where the runs of equal keys begin in a sorted list."""
    is_first = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)
