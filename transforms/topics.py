"""Which topics a paper is about, and the words in it that say so.

A mention is a spelling of the taxonomy that stands in the title or the abstract as whole words;
of mentions one inside another only the longest is one. Mentions add up to points (`POINTS`). A
topic is assigned above `POINTS_TO_ASSIGN`; at just so many it was named in passing, and is assigned
only where fewer than `BETTER_TO_PASS_OVER` topics are above. The score is the points out of
`POINTS_OF_FULL_SCORE`.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from transforms.taxonomy import FOREIGN_LETTER, Taxonomy, fold_spelling

RULES_VERSION: Final = "1"
"""Part of every rules digest: a change of the rules assigns every topic anew."""

# Per field and strength: the points of a mention, and how many are counted. A phrase is an alias of
# several words, a word an alias of one, which says no more than an acronym: both have other
# meanings. Weak terms suffice only where they stand in the title and in the abstract.
POINTS: Final = {
    "title": {"phrase": (8, 3), "word": (7, 3), "acronym": (7, 3), "weak": (2, 1)},
    "abstract": {"phrase": (3, 3), "word": (2, 3), "acronym": (2, 3), "weak": (1, 2)},
}
POINTS_TO_ASSIGN: Final = 3
POINTS_OF_FULL_SCORE: Final = 20
BETTER_TO_PASS_OVER: Final = 2
# A general topic is primary only where no other has so many tenths of the most points.
TENTHS_TO_BE_PRIMARY: Final = 6

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
_STRENGTHS: Final = ["phrase", "word", "acronym", "weak"]
_WEAK: Final = _STRENGTHS.index("weak")
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
    """Return the topics of papers (`paper_id`, `title`, `abstract`), each from its own text alone.

    `topics` is sorted by paper_id and topic_id, `score` is above 0 and at most 1. Primary is, of
    the topics with at least six tenths of the most points, one that is not general, else the one
    with the most points, that is named first, with the least topic_id. `evidence` is in the order
    of paper_id and of reading; spans are characters (code points) of the text as given, half open.

    Raises:
        ValueError: a `paper_id` occurs twice.
    """
    if (twice := papers["paper_id"].filter(papers["paper_id"].is_duplicated())).len():
        raise ValueError(f"assign_topics: paper_id {twice.min()!r} occurs more than once")
    ordered = papers.sort("paper_id")
    texts = pl.concat([ordered[field].cast(pl.String).alias("text") for field in _FIELDS])
    forms = _number_forms(taxonomy.forms)
    found = _find_mentions(texts, forms)
    mentions = _keep_longest(
        found.with_columns(
            paper=pl.col("row") % ordered.height, field=pl.col("row") // ordered.height
        ).with_columns(pair=pl.col("paper") * _STRIDE + pl.col("topic"))
    )
    scores = _score(mentions, forms)
    evidence = mentions.join(scores, on="pair", how="semi", maintain_order="left")
    return Assignments(
        topics=_name_papers(scores, ordered).select(TOPIC_COLUMNS),
        evidence=_name_papers(_quote(evidence, texts), ordered).select(EVIDENCE_COLUMNS),
    )


def _find_mentions(texts: pl.Series, forms: pl.DataFrame) -> pl.DataFrame:
    """Return each form that stands in a text as whole words: row, span_start, span_end, form.

    Acronyms are looked for in lower case with all else and their case is compared afterwards, so
    that one automaton does.
    """
    folded = fold_spelling(texts)
    squeezed = pl.select(
        pl.concat_str(pl.lit(" "), folded.str.replace_all("  +", " "), pl.lit(" "))
    ).to_series()
    found = _find_patterns(squeezed.str.to_lowercase(), forms["pattern"].unique().sort())
    owned = found.join(forms, on="pattern", how="inner")
    is_acronym = owned["kind"] == "acronym"
    acronyms = owned.filter(is_acronym)
    written = _cut(squeezed, acronyms, pl.col("start"), pl.col("end") - pl.col("start"))
    as_written = acronyms.filter(written == acronyms["form"].cast(pl.Binary))
    return _unsqueeze(pl.concat([owned.filter(~is_acronym), as_written]), folded)


def _number_forms(forms: pl.DataFrame) -> pl.DataFrame:
    """Return forms with the pattern to look for, and numbers to sort and group by later."""
    strength = (
        pl.when(pl.col("kind") != "alias")
        .then("kind")
        .when(pl.col("alias").str.contains(" ", literal=True))
        .then(pl.lit("phrase"))
        .otherwise(pl.lit("word"))
    )
    return forms.with_columns(
        pattern=pl.col("form").str.to_lowercase(),
        topic=pl.col("topic_id").rank("dense").cast(pl.Int64),
        strength=strength.replace_strict(
            {name: number for number, name in enumerate(_STRENGTHS)}, return_dtype=pl.Int64
        ),
    )


def _find_patterns(texts: pl.Series, patterns: pl.Series) -> pl.DataFrame:
    """Return where patterns stand as whole words in ASCII texts: row, start, end."""
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
    """Return the bytes of ASCII texts at places: ``places`` gives row, start and length."""
    at_places = pl.lit(texts.cast(pl.Binary).gather(places["row"]))
    return places.select(at_places.bin.slice(start, length)).to_series()


def _unsqueeze(mentions: pl.DataFrame, folded: pl.Series) -> pl.DataFrame:
    """Return mentions with offsets into the texts as given, where runs of separators stand in full.

    The texts that were searched begin with one more space, and of each run they hold the first.
    """
    gaps = (
        pl.DataFrame({"gap": folded.str.find_many(["  "], overlapping=True)})
        .with_row_index("row")
        .filter(pl.col("gap").list.len() > 0)
        .explode("gap")
        .cast(pl.Int64)
    )
    earlier = pl.int_range(gaps.height, eager=True) - gaps["row"].search_sorted(gaps["row"])
    # the first place of the searched text that stands behind the character left out
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
    """Return mentions in the order of reading, without those that stand in a longer one.

    Of two kinds at the very same place the stronger stays. A weak term shadows only weak terms.
    """
    is_strong = pl.col("strength") != _WEAK
    reading_row = pl.col("paper") * len(_FIELDS) + pl.col("field")
    reach = reading_row * _STRIDE + pl.col("span_end")
    return (
        mentions.sort(
            reading_row * _STRIDE + pl.col("span_start"),
            -pl.col("span_end"),
            "strength",
        )
        .with_columns(
            strong_reach=pl.when(is_strong).then(reach).otherwise(0).cum_max().shift(fill_value=0),
            any_reach=reach.cum_max().shift(fill_value=0),
        )
        .filter(reach > pl.when(is_strong).then("strong_reach").otherwise("any_reach"))
    )


def _score(mentions: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Return the topics that reach the points to assign, in the order of paper and topic."""
    cell = pl.col("field") * len(_STRENGTHS) + pl.col("strength")
    points = [
        (cell == _FIELDS.index(field) * len(_STRENGTHS) + _STRENGTHS.index(strength))
        .sum()
        .cast(pl.Int64)
        .clip(upper_bound=counted)
        * each
        for field, of_strength in POINTS.items()
        for strength, (each, counted) in of_strength.items()
    ]
    return (
        mentions.group_by("pair")
        .agg(
            points=pl.sum_horizontal(points),
            first=(pl.col("field") * _STRIDE + pl.col("span_start")).min(),
        )
        .filter(pl.col("points") >= POINTS_TO_ASSIGN)
        .with_columns(paper=pl.col("pair") // _STRIDE, topic=pl.col("pair") % _STRIDE)
        .join(forms.select("topic", "topic_id", "is_general").unique(), on="topic")
        .with_columns(
            most=pl.col("points").max().over("paper"),
            better=(pl.col("points") > POINTS_TO_ASSIGN).sum().over("paper"),
        )
        .filter((pl.col("points") > POINTS_TO_ASSIGN) | (pl.col("better") < BETTER_TO_PASS_OVER))
        .sort(
            "paper",
            pl.col("points") * 10 < pl.col("most") * TENTHS_TO_BE_PRIMARY,
            "is_general",
            -pl.col("points"),
            "first",
            "topic",
        )
        .with_columns(
            is_primary=pl.col("paper").is_first_distinct(),
            # rounded, for a division by a constant is a multiplication, and 7 / 20 not quite 0.35
            score=(pl.min_horizontal("points", POINTS_OF_FULL_SCORE) / POINTS_OF_FULL_SCORE).round(
                2
            ),
            method=pl.lit("dictionary"),
        )
        .sort("pair")
    )


def _quote(mentions: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Return mentions with the words as they stand in the text, and the field by its name."""
    length = pl.col("span_end") - pl.col("span_start")
    return mentions.with_columns(
        surface=mentions.select(
            pl.lit(texts.gather(mentions["row"])).str.slice(pl.col("span_start"), length)
        ).to_series(),
        field=pl.when(pl.col("field") == 0).then(pl.lit(_FIELDS[0])).otherwise(pl.lit(_FIELDS[1])),
    )


def _name_papers(rows: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(papers["paper_id"].gather(rows["paper"]))
