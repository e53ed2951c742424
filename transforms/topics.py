"""Which topics a paper is about, and the words in it that say so."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from transforms.taxonomy import FOREIGN_LETTER, Taxonomy, fold_spelling

RULES_VERSION: Final = "1"
"""Part of every rules digest: a change of the rules below assigns every topic anew."""

# What a mention counts. A phrase is an alias of several words, a word an alias of one.
POINTS: Final = {
    "title": {"phrase": 8, "word": 7, "acronym": 7, "weak": 2},
    "abstract": {"phrase": 3, "word": 2, "acronym": 2, "weak": 1},
}
# How many mentions of a strength count in one field: repeating a weak term proves nothing.
MENTIONS_COUNTED: Final = {"phrase": 3, "word": 3, "acronym": 3, "weak": 2}
POINTS_TO_ASSIGN: Final = 3
POINTS_OF_FULL_SCORE: Final = 20
# With so many topics above the points to assign, one that just reaches them is named in passing.
BETTER_TO_PASS_OVER: Final = 2
# A general topic leads only where no other has so many tenths of the most points of the paper.
TENTHS_TO_LEAD: Final = 6

TOPIC_COLUMNS: Final = ["paper_id", "topic_id", "score", "method", "is_primary"]
EVIDENCE_COLUMNS: Final = [
    "paper_id",
    "topic_id",
    "field",
    "span_start",
    "span_end",
    "surface",
    "alias",
    "kind",
]

_FIELDS: Final = list(POINTS)
_WORD_BYTES: Final = [
    bytes([code]) for code in range(128) if chr(code).isalnum() or chr(code) == FOREIGN_LETTER
]
# Longer than any text: makes one rising number of a text's row and a place in the text.
_STRIDE: Final = 1 << 32


@dataclass(frozen=True)
class Assignments:
    """`topics`: a row per paper and topic. `evidence`: a row per mention of an assigned topic."""

    topics: pl.DataFrame
    evidence: pl.DataFrame


def assign_topics(papers: pl.DataFrame, taxonomy: Taxonomy) -> Assignments:
    """The topics of papers (`paper_id`, `title`, `abstract`), each from its own text alone.

    Sorted by paper_id and topic_id; the evidence by paper_id and the order of reading.

    Raises:
        ValueError: a `paper_id` occurs twice.
    """
    if (twice := papers["paper_id"].filter(papers["paper_id"].is_duplicated())).len():
        raise ValueError(f"assign_topics: paper_id {twice.min()!r} occurs more than once")
    ordered = papers.sort("paper_id")
    texts = pl.concat([ordered[field].alias("text") for field in _FIELDS])
    found = _find_mentions(texts, taxonomy.forms).with_columns(
        paper=pl.col("row") % ordered.height,
        field=(pl.col("row") // ordered.height),
    )
    mentions = _keep_longest(found)
    scores = _score(mentions)
    evidence = mentions.join(scores, on=["paper", "topic"], how="semi", maintain_order="left")
    return Assignments(
        topics=_name_papers(scores, ordered).select(TOPIC_COLUMNS),
        evidence=_name_papers(_quote(evidence, texts), ordered).select(EVIDENCE_COLUMNS),
    )


def _find_mentions(texts: pl.Series, forms: pl.DataFrame) -> pl.DataFrame:
    """Each form that stands in a text as whole words: row, span_start, span_end, whose form it is.

    Acronyms are looked for in lower case with all else and their case is compared afterwards, so
    that one automaton does.
    """
    folded = fold_spelling(texts)
    squeezed = pl.select(
        pl.concat_str(pl.lit(" "), folded.str.replace_all("  +", " "), pl.lit(" "))
    ).to_series()
    owners = forms.with_columns(
        pattern=pl.col("form").str.to_lowercase(),
        topic=pl.col("topic_id").rank("dense").cast(pl.Int64),
        strength=pl.when(pl.col("kind") != "alias")
        .then("kind")
        .when(pl.col("alias").str.contains(" ", literal=True))
        .then(pl.lit("phrase"))
        .otherwise(pl.lit("word")),
    )
    found = _find_patterns(squeezed.str.to_lowercase(), owners["pattern"].unique().sort())
    owned = found.join(owners, on="pattern", how="inner")
    is_acronym = owned["kind"] == "acronym"
    acronyms = owned.filter(is_acronym)
    written = _cut(squeezed, acronyms, pl.col("start"), pl.col("end") - pl.col("start"))
    as_written = acronyms.filter(written == acronyms["form"].cast(pl.Binary))
    return _unsqueeze(pl.concat([owned.filter(~is_acronym), as_written]), folded)


def _find_patterns(texts: pl.Series, patterns: pl.Series) -> pl.DataFrame:
    """Where patterns stand in ASCII texts with no letter or digit beside: row, start, end."""
    wanted = pl.lit(patterns.implode())
    found = (
        pl.DataFrame({"text": texts})
        .with_row_index("row")
        .select(
            pl.col("row").cast(pl.Int64),
            start=pl.col("text").str.find_many(wanted, overlapping=True),
            pattern=pl.col("text").str.extract_many(wanted, overlapping=True),
        )
        .filter(pl.col("start").list.len() > 0)
        .explode("start", "pattern")
        .with_columns(pl.col("start").cast(pl.Int64))
        .with_columns(end=pl.col("start") + pl.col("pattern").str.len_bytes())
    )
    before = _cut(texts, found, pl.col("start") - 1, pl.lit(1))
    after = _cut(texts, found, pl.col("end"), pl.lit(1))
    return found.filter(~before.is_in(_WORD_BYTES) & ~after.is_in(_WORD_BYTES))


def _cut(texts: pl.Series, places: pl.DataFrame, start: pl.Expr, length: pl.Expr) -> pl.Series:
    """The bytes of ASCII texts at places, as columns of which row, start and length are given."""
    at_places = pl.lit(texts.cast(pl.Binary).gather(places["row"]))
    return places.select(at_places.bin.slice(start, length)).to_series()


def _unsqueeze(mentions: pl.DataFrame, folded: pl.Series) -> pl.DataFrame:
    """Mentions with offsets into the texts as given, where runs of separators stand in full."""
    gaps = (
        pl.DataFrame({"gap": folded.str.find_many(["  "], overlapping=True)})
        .with_row_index("row")
        .filter(pl.col("gap").list.len() > 0)
        .explode("gap")
        .cast(pl.Int64)
    )
    earlier = pl.int_range(gaps.height, eager=True) - gaps["row"].search_sorted(gaps["row"])
    # the first place in the squeezed text that lies behind the gap
    behind = gaps["row"] * _STRIDE + gaps["gap"] + 2 - earlier
    row_starts = mentions["row"] * _STRIDE
    gaps_before = behind.search_sorted(row_starts)

    def widen(offsets: pl.Series) -> pl.Series:
        squeezed_out = behind.search_sorted(row_starts + offsets, side="right") - gaps_before
        return offsets - 1 + squeezed_out

    return mentions.with_columns(
        span_start=widen(mentions["start"]), span_end=widen(mentions["end"] - 1) + 1
    )


def _keep_longest(mentions: pl.DataFrame) -> pl.DataFrame:
    """Mentions in the order of reading, without those that stand in a longer one.

    Of two kinds at the very same place the stronger stays. A weak term shadows only weak terms.
    """
    is_strong = pl.col("kind") != "weak"
    reading_row = pl.col("paper") * len(_FIELDS) + pl.col("field")
    reach = reading_row * _STRIDE + pl.col("span_end")
    return (
        mentions.sort(
            reading_row * _STRIDE + pl.col("span_start"),
            -pl.col("span_end"),
            pl.col("kind").replace_strict(
                {"alias": 0, "acronym": 1, "weak": 2}, return_dtype=pl.Int8
            ),
        )
        .with_columns(
            shadow=pl.when(is_strong).then(reach).otherwise(0).cum_max().shift(1, fill_value=0),
            any_shadow=reach.cum_max().shift(1, fill_value=0),
        )
        .filter(reach > pl.when(is_strong).then("shadow").otherwise("any_shadow"))
    )


def _score(mentions: pl.DataFrame) -> pl.DataFrame:
    """The topics of each paper that reach the points to assign, in the order of paper and topic."""
    points = [
        ((pl.col("field") == _FIELDS.index(field)) & (pl.col("strength") == strength))
        .sum()
        .cast(pl.Int64)
        .clip(upper_bound=MENTIONS_COUNTED[strength])
        * points_each
        for field, of_strength in POINTS.items()
        for strength, points_each in of_strength.items()
    ]
    return (
        mentions.group_by("paper", "topic")
        .agg(
            pl.col("topic_id", "is_general").min(),
            points=pl.sum_horizontal(points),
            first=(pl.col("field") * _STRIDE + pl.col("span_start")).min(),
        )
        .filter(pl.col("points") >= POINTS_TO_ASSIGN)
        .with_columns(
            most=pl.col("points").max().over("paper"),
            better=(pl.col("points") > POINTS_TO_ASSIGN).sum().over("paper"),
        )
        .filter((pl.col("points") > POINTS_TO_ASSIGN) | (pl.col("better") < BETTER_TO_PASS_OVER))
        .sort(
            "paper",
            pl.col("points") * 10 < pl.col("most") * TENTHS_TO_LEAD,
            "is_general",
            -pl.col("points"),
            "first",
            "topic",
        )
        .with_columns(
            is_primary=pl.col("paper").is_first_distinct(),
            score=pl.col("points").clip(upper_bound=POINTS_OF_FULL_SCORE) / POINTS_OF_FULL_SCORE,
            method=pl.lit("dictionary"),
        )
        .sort("paper", "topic")
    )


def _quote(mentions: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Mentions with the words as they stand in the text, and the field by its name."""
    length = pl.col("span_end") - pl.col("span_start")
    return mentions.with_columns(
        surface=mentions.select(
            pl.lit(texts.gather(mentions["row"])).str.slice(pl.col("span_start"), length)
        ).to_series(),
        field=pl.col("field").replace_strict(dict(enumerate(_FIELDS)), return_dtype=pl.String),
    )


def _name_papers(rows: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(papers["paper_id"].gather(rows["paper"]))
