"""Text that can be compared: cleaning, keys and hashes. The only module that the stages share."""

import hashlib
import re
from collections.abc import Iterable

import polars as pl

from transforms import letters
from transforms.normal import normalise

TEXT_VERSION = "7"
"""Part of every rules digest: a change here derives every key anew."""

TITLE_KEY_MIN_LENGTH = 16
"""A shorter title key is too common to join two identities."""

_SEPARATOR = "\x1f"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u115f\u1160\u3164\uffa0]"
_WITHIN_WORDS = (
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
"""Soft hyphens, zero-width spaces, marks of direction: nobody sees them, and no word ends there."""
_BESIDE_LATIN = r"(\p{Latin})[\u200c\u200d]+|[\u200c\u200d]+(\p{Latin})"
"""Joiners, which scripts such as Persian need, and Latin letters never do."""
_UNSEEN = f"{_CONTROL}|{_WITHIN_WORDS}"
_NOT_PLAIN = r"[^\x20-\x7e\t\r\n]|[\\{]|&[#A-Za-z]|[A-Za-z]{2}~[A-Za-z]{2}"
_NOT_PLAIN_LIST = r"[^\x20-\x7e\x1e]|[\\{]|&[#A-Za-z]|  |^ | $|\x1e |\x1e\x1e| \x1e|^\x1e|\x1e$|^$"
_FORMATTING = (
    r"\\(?:emph|textit|textbf|texttt|textsc|textrm|textsf|underline|mbox|text"
    r"|(?:textcolor|href)\s*\{[^{}]*\})\s*\{([^{}]*)\}"
)
_SWITCH = r"\{\\?(?:em|it|bf|tt|sc|rm|emph|bfseries|itshape)\s+([^{}]*)\}"
_PROTECTED = r"(\$[^$]*\$)|(^|[\s(\[/\u2010-\u2014-])\{([\p{Lu}\d][\p{L}\d.+-]{0,40})\}"
"""Capitals that BibTeX is told to keep, as in ``{GPT}-4 for {B}ayesians``; or a formula, in which
braces mean something: ``\\frac {10}{n}``."""
_ESCAPED = r"\\+([%&#_$])"
_DEEPEST_MARKUP = 12
_MOST_LETTERS = 200_000
"""Of one text: what follows is not looked at, for one letter may stand for eighteen (NFKC of
U+FDFA). No title and no abstract is as long, and a longer one is rejected all the same."""
_MOST_TIMES, _LEAST_LETTERS = 4, 200
"""How many times as many letters a text may have when it is normalised, and so many more: what
follows is left out. Texts of papers have hardly more than before."""
_PART_BYTES = 1 << 22
_ASCII_NOT_IN_KEY = bytes(code for code in range(128) if not chr(code).isalnum())
_NOT_IN_KEY = re.compile(r"[\W_]+")


def has_control_character(text: pl.Expr) -> pl.Expr:
    """Tell whether a text holds characters that no reader can see; null where it is null."""
    return text.str.contains(_UNSEEN)


def clean_texts(texts: pl.Series) -> pl.Series:
    """Return texts as people should read them; an empty one becomes null.

    NFKC; characters that cannot be seen go, or become a space where words end; runs of white space
    become one space; references of HTML and letters of LaTeX become letters; the LaTeX commands
    that only format (``\\emph{x}``, ``{\\it x}``, ``\\%``) give way to what they format. Formulas
    stay.
    """
    texts = _head(texts).alias("text")
    is_plain = ~texts.str.contains(_NOT_PLAIN)
    cleaned = texts.str.replace_all(r"[ \t\r\n]{2,}|[\t\r\n]", " ")
    # normalising is slow, and fourteen of fifteen abstracts have no need of it
    rare = (~is_plain).arg_true()
    if rare.len():
        cleaned = cleaned.scatter(rare, _clean_in_parts(texts.gather(rare)))
    cleaned = cleaned.str.strip_chars()
    return cleaned.to_frame().select(pl.when(pl.col("text") != "").then(pl.col("text"))).to_series()


def clean_titles(titles: pl.Series) -> pl.Series:
    """Return titles as by :func:`clean_texts`, without tags and what arXiv writes around them."""
    titles = _head(titles).alias("text")
    marked = (
        titles.str.contains(r"[<&]|\(arXiv:|^\s*(?:\[|Title:|Paper page -)")
        .fill_null(False)
        .arg_true()
    )
    if marked.len():
        bare = letters.without_tags(letters.replace_references(titles.gather(marked)))
        titles = titles.scatter(marked, letters.without_title_suffix(bare))
    return clean_texts(titles)


def clean_abstracts(abstracts: pl.Series) -> pl.Series:
    """Return abstracts as by :func:`clean_texts`, without what others write around them."""
    return clean_texts(letters.without_abstract_frame(abstracts))


def _head(texts: pl.Series) -> pl.Series:
    """Return texts without what lies beyond all that is read of one."""
    is_longer = (texts.str.len_bytes().max() or 0) > _MOST_LETTERS  # type: ignore[operator]
    return texts.str.head(_MOST_LETTERS) if is_longer else texts


def _clean_in_parts(texts: pl.Series) -> pl.Series:
    """Clean texts, a few megabytes at once: while they are normalised some take ten times that."""
    part = texts.to_frame("text").select(
        (pl.col("text").str.len_bytes().fill_null(0).cum_sum() // _PART_BYTES).alias("part")
    )
    lengths = part.group_by("part", maintain_order=True).len()["len"]
    starts = lengths.cum_sum() - lengths
    parts = zip(starts, lengths, strict=True)
    return pl.concat([_clean_rare(texts.slice(start, length)) for start, length in parts])


def _clean_rare(texts: pl.Series) -> pl.Series:
    readable = letters.undo_double_encoding(letters.replace_references(texts))
    lengths = _MOST_TIMES * readable.str.len_chars() + _LEAST_LETTERS
    readable = readable.str.normalize("NFKC").str.head(lengths)
    readable = readable.str.replace_all(_WITHIN_WORDS, "").str.replace_all(_CONTROL, " ")
    readable = readable.str.replace_all(_BESIDE_LATIN, "${1}${2}")
    readable = letters.replace_latex_letters(letters.replace_named_signs(readable))
    readable = letters.replace_latex_spaces(readable)
    # from the inside out, because \textbf{\emph{x}} is nested
    for _ in range(_DEEPEST_MARKUP):
        formatted = readable.str.replace_all(_FORMATTING, "${1}").str.replace_all(_SWITCH, "${1}")
        if formatted.equals(readable, null_equal=True):
            break
        readable = formatted
    readable = readable.str.replace_all(_PROTECTED, "${1}${2}${3}")
    return readable.str.replace_all(_ESCAPED, "${1}").str.replace_all(r"\s+", " ")


def clean_lists(lists: pl.Series) -> pl.Series:
    """Return lists of texts, each cleaned as by :func:`clean_texts`; empty texts are left out."""
    joined = lists.list.join("\x1e")
    # a name may hold the separator itself
    is_split = joined.str.count_matches("\x1e", literal=True) + 1 != lists.list.len()
    rare = (joined.str.contains(_NOT_PLAIN_LIST) | is_split).fill_null(False).arg_true()
    if not rare.len():
        return lists
    exploded = pl.DataFrame({"row": rare, "text": lists.gather(rare)}).explode("text")
    cleaned = (
        exploded.with_columns(clean_texts(exploded["text"]).alias("text"))
        .group_by("row", maintain_order=True)
        .agg(pl.col("text").drop_nulls())
    )
    return (
        pl.DataFrame({"list": lists})
        .with_row_index("row")
        .join(cleaned, on="row", how="left", maintain_order="left")
        .select(pl.coalesce("text", "list"))
        .to_series()
    )


def key_text(text: str) -> str:
    """Return the letters and digits of a text in lower case: without white space, case or markup.

    Copying and highlighting eat spaces and backslashes, so that only these can be compared.
    """
    if text.isascii():
        return text.lower().encode().translate(None, _ASCII_NOT_IN_KEY).decode()
    lowered = normalise(text).lower()
    # a sigma is lowered by its place in the word, which eaten spaces change
    return _NOT_IN_KEY.sub("", lowered).replace("\u03c2", "\u03c3")


def title_keys(titles: pl.Series) -> pl.Series:
    """Return the key text of each title; null where there is none, empty where it has no word."""
    keys = [None if title is None else key_text(title) for title in titles]
    return pl.Series("title_key", keys, dtype=pl.String)


def hash_text(text: str) -> str:
    """Return 32 hexadecimal digits (128 bits) of the sha256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def hash_parts(*parts: str | None) -> str:
    """Return the whole sha256 of parts in order; None and the empty text differ."""
    told_apart = ("" if part is None else f"={part}" for part in parts)
    return hashlib.sha256(_SEPARATOR.join(told_apart).encode()).hexdigest()


def add_keys(texts: pl.DataFrame) -> pl.DataFrame:
    """Add content_key and content_id to rows of (title, title_key, abstract, authors).

    ``content_key`` is the hash of the key texts of title and abstract (null where there is no
    abstract); ``content_id`` the hash of title, abstract and authors in order, to the letter.
    """
    content_keys = [
        None if abstract is None else hash_text(title_key + _SEPARATOR + key_text(abstract))
        for title_key, abstract in zip(texts["title_key"], texts["abstract"], strict=True)
    ]
    everything = texts.select(
        pl.concat_str(
            pl.col("title").fill_null("\x00"),
            pl.col("abstract").fill_null("\x00"),
            pl.col("authors").list.join("\x1e").fill_null("\x00"),
            separator=_SEPARATOR,
        )
    ).to_series()
    return texts.with_columns(
        pl.Series("content_key", content_keys, dtype=pl.String),
        pl.Series("content_id", [hash_text(text) for text in everything], dtype=pl.String),
    )


def own_ids(
    source_ids: Iterable[str | None],
    content_keys: Iterable[str | None],
    title_keys: Iterable[str],
) -> pl.Series:
    """Return the id that each entry alone would have: its source id, else a hash of its key."""
    ids = [
        source_id or f"title:{hash_text(content_key or title_key)[:20]}"
        for source_id, content_key, title_key in zip(
            source_ids, content_keys, title_keys, strict=True
        )
    ]
    return pl.Series("own_id", ids, dtype=pl.String)
