"""Mentions: spellings of the taxonomy in a text, of those one inside another the longest."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from transforms.taxonomy import Taxonomy
from transforms.topics.lookup import Ints
from transforms.topics.search import Automaton, Hits, keys_of, list_words, patterns_of

STRENGTHS: Final = ("phrase", "word", "acronym", "title", "weak")
"""A phrase is an alias of several words, a word one of a single word; `title` counts in titles."""
_FIRST_WEAK: Final = STRENGTHS.index("title")
LEVELS: Final = ("once", "twice", "often", "title", "title_and_abstract")
"""How an alias is mentioned: in the abstract once, twice, three times and more; in the title."""
FIELDS: Final = ("title", "abstract")
_STRIDE: Final = 1 << 32
_MOST_WORDS: Final = 1 << 20
"""More than any spelling has."""


@dataclass(frozen=True)
class Condition:
    """Patterns on which the mentions of topics depend; a row per pattern and topic, sorted."""

    pattern: Ints
    topic: Ints
    topics: int
    """How many topics there are."""

    @cached_property
    def is_of_topic(self) -> NDArray[np.bool_]:
        """By topic, whether any pattern is of it."""
        return np.bincount(self.topic, minlength=self.topics) > 0

    def find(self, hits: Hits) -> tuple[Hits, Ints]:
        """Return the hits of the patterns, one for each topic of a pattern, and the topics."""
        first = np.searchsorted(self.pattern, hits.pattern)
        copies = np.searchsorted(self.pattern, hits.pattern, side="right") - first
        hit = np.repeat(np.arange(len(copies)), copies)
        nth = np.arange(len(hit)) - np.repeat(np.cumsum(copies) - copies, copies)
        return hits.choose(hit), self.topic[first[hit] + nth]


@dataclass(frozen=True)
class Spellings:
    """The forms of a taxonomy by number, and the automaton that finds them and context terms."""

    forms: pl.DataFrame
    topics: list[str]
    """The topics that papers can have, sorted; elsewhere they go by their number here."""
    terms: list[str]
    conditions: pl.DataFrame
    """As in the taxonomy."""

    @cached_property
    def automaton(self) -> Automaton:
        """Finds forms and terms in one pass."""
        return Automaton([*self._patterns, *self.terms, *self._condition_patterns])

    @cached_property
    def _patterns(self) -> list[str]:
        return patterns_of(self.forms["form"].to_list())

    @cached_property
    def _condition_patterns(self) -> list[str]:
        return patterns_of(self.conditions["form"].to_list())

    @cached_property
    def requires(self) -> Condition:
        """What topics require."""
        return self._condition("requires")

    @cached_property
    def excludes(self) -> Condition:
        """What mentions must not stand in."""
        return self._condition("not")

    def _condition(self, kind: str) -> Condition:
        topic_number = {topic: n for n, topic in enumerate(self.topics)}
        pattern_number = {pattern: n for n, pattern in enumerate(self.automaton.patterns)}
        rows = zip(self._condition_patterns, self.conditions.iter_rows(), strict=True)
        pairs = [
            (pattern_number[pattern], topic_number[topic_id])
            for pattern, (_, topic_id, kind_of_row) in rows
            if kind_of_row == kind
        ]
        table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        return Condition(table[:, 0], table[:, 1], len(self.topics))

    @cached_property
    def forms_of_pattern(self) -> dict[int, list[int]]:
        """By the number of a pattern, the forms that it may be."""
        number = {pattern: n for n, pattern in enumerate(self.automaton.patterns)}
        found: dict[int, list[int]] = {}
        for form, pattern in enumerate(self._patterns):
            found.setdefault(number[pattern], []).append(form)
        return found

    @cached_property
    def form_lookup(self) -> tuple[Ints, Ints, Ints]:
        """Per pattern the number of its forms and where they begin, and all forms in that order."""
        patterns = range(len(self.automaton.patterns))
        lists = [self.forms_of_pattern.get(pattern, []) for pattern in patterns]
        counts = np.array([len(one) for one in lists], dtype=np.int64)
        flat = np.array([form for one in lists for form in one], dtype=np.int64)
        return counts, np.cumsum(counts) - counts, flat

    @cached_property
    def term_of_pattern(self) -> Ints:
        """Per pattern the number of its context term, -1 for none."""
        number = {term: n for n, term in enumerate(self.terms)}
        return np.array([number.get(p, -1) for p in self.automaton.patterns], dtype=np.int64)

    @cached_property
    def acronym_keys(self) -> NDArray[np.uint64]:
        """By form and word, the keys of how an acronym must be written; 0 for none."""
        rows = (self.forms["kind"] == "acronym").arg_true().to_list()
        written = list_words(self.forms["form"].gather(rows).to_list())
        flat = keys_of([word for words in written for word in words])
        longest = max(map(len, written), default=0)
        table = np.zeros((self.forms.height, longest), dtype=np.uint64)
        cells = [
            row * longest + nth
            for row, one in zip(rows, written, strict=True)
            for nth in range(len(one))
        ]
        table.flat[cells] = flat
        return table

    @cached_property
    def topic(self) -> Ints:
        """Per form the number of its topic."""
        number = {topic: n for n, topic in enumerate(self.topics)}
        return np.array([number[topic] for topic in self.forms["topic_id"]], dtype=np.int64)

    @cached_property
    def alias(self) -> Ints:
        """Per form the number of its alias."""
        keys = self.forms.select("topic_id", "alias").rows()
        number = {key: n for n, key in enumerate(self.aliases)}
        return np.array([number[key] for key in keys], dtype=np.int64)

    @cached_property
    def aliases(self) -> list[tuple[str, str]]:
        """Topic and alias, sorted."""
        return sorted(set(self.forms.select("topic_id", "alias").rows()))

    @cached_property
    def strength(self) -> Ints:
        """Per form its place in `STRENGTHS`."""
        pairs = self.forms.select("kind", "alias").rows()
        kinds = [kind if kind != "alias" else STRENGTHS[" " not in alias] for kind, alias in pairs]
        return np.array([STRENGTHS.index(kind) for kind in kinds], dtype=np.int64)


def list_spellings(taxonomy: Taxonomy, terms: list[str]) -> Spellings:
    """Return the spellings of a taxonomy with the context terms to look for beside them."""
    return Spellings(taxonomy.forms, taxonomy.assigned, terms, taxonomy.conditions)


@dataclass(frozen=True)
class Mentions:
    """A row per mention, in the order of reading; ``paper`` counts from 0, as given."""

    paper: Ints
    field: Ints
    start: Ints
    end: Ints
    form: Ints

    def choose(self, rows: Ints) -> "Mentions":
        """Return some of the mentions."""
        return Mentions(
            self.paper[rows], self.field[rows], self.start[rows], self.end[rows], self.form[rows]
        )


def find_mentions(hits: Hits, spellings: Spellings) -> Mentions:
    """Return the mentions among hits in texts that are title, abstract, title, abstract ...

    Of two kinds at the very same place the stronger stays. Weak terms, and those of titles, shadow
    only their like.
    """
    found = hits
    counts, begins, flat = spellings.form_lookup
    hits = hits.choose(np.flatnonzero(counts[hits.pattern]))
    copies = counts[hits.pattern]
    hit = np.repeat(np.arange(len(copies)), copies)
    nth = np.arange(len(hit)) - np.repeat(np.cumsum(copies) - copies, copies)
    form = flat[begins[hits.pattern[hit]] + nth]
    is_written_so = _check_case(hits, spellings, hit, form)
    hit, form = hit[is_written_so], form[is_written_so]
    kept = _keep_longest(hits, hit, spellings.strength[form])
    hit, form = hit[kept], form[kept]
    mentions = Mentions(
        hits.text[hit] // 2, hits.text[hit] % 2, hits.start[hit], hits.end[hit], form
    )
    return mentions.choose(_meet_conditions(mentions, found, spellings))


def _meet_conditions(mentions: Mentions, hits: Hits, spellings: Spellings) -> Ints:
    """Return the rows of mentions that the conditions of their topics allow."""
    topic = spellings.topic[mentions.form]
    is_allowed = np.ones(len(topic), dtype=bool)
    if len(spellings.requires.topic):
        required, of_topic = spellings.requires.find(hits)
        has = np.unique(required.text // 2 * len(spellings.topics) + of_topic)
        is_met = np.isin(mentions.paper * len(spellings.topics) + topic, has)
        is_allowed &= is_met | ~spellings.requires.is_of_topic[topic]
    if len(spellings.excludes.topic):
        rows = np.flatnonzero(spellings.excludes.is_of_topic[topic])
        around, of_topic = spellings.excludes.find(hits)
        key = (around.text * len(spellings.topics) + of_topic) * _STRIDE
        order = np.argsort(key + around.start, kind="stable")
        begins = np.concatenate([[-1], (key + around.start)[order]])
        reaches = np.concatenate([[-1], np.maximum.accumulate((key + around.end)[order])])
        text = mentions.paper[rows] * 2 + mentions.field[rows]
        own = (text * len(spellings.topics) + topic[rows]) * _STRIDE
        before = np.searchsorted(begins, own + mentions.start[rows], side="right") - 1
        is_allowed[rows[reaches[before] >= own + mentions.end[rows]]] = False
    return np.flatnonzero(is_allowed)


def _check_case(hits: Hits, spellings: Spellings, hit: Ints, form: Ints) -> NDArray[np.bool_]:
    is_right = np.ones(len(hit), dtype=bool)
    table = spellings.acronym_keys
    rows = np.flatnonzero(spellings.strength[form] == STRENGTHS.index("acronym"))
    for nth in range(table.shape[1]):
        rows = rows[hits.count[hit[rows]] > nth]
        keys = hits.words.keys(in_lower_case=False, words=hits.word[hit[rows]] + nth)
        is_right[rows] &= keys == table[form[rows], nth]
    return is_right


def _keep_longest(hits: Hits, hit: Ints, strength: Ints) -> Ints:
    """Return the rows to keep, in the order of reading."""
    # in the order of beginnings, the longest first and of those the strongest
    last = hits.word[hit] + hits.count[hit]
    shortness = _MOST_WORDS - hits.count[hit]
    order = np.argsort(
        (hits.word[hit] * _MOST_WORDS + shortness) * len(STRENGTHS) + strength, kind="stable"
    )
    # words are numbered through, whatever their text
    reach = last[order]
    is_strong = strength[order] < _FIRST_WEAK

    def reached_before(reaches: Ints) -> Ints:
        return np.concatenate([[0], np.maximum.accumulate(reaches)[:-1]]) if len(reaches) else reach

    strong, either = reached_before(np.where(is_strong, reach, 0)), reached_before(reach)
    return order[reach > np.where(is_strong, strong, either)]


@dataclass(frozen=True)
class Named:
    """A row per paper and alias that it mentions, sorted by paper, topic and alias."""

    paper: Ints
    topic: Ints
    alias: Ints
    strength: Ints
    level: Ints
    """Place in `LEVELS`."""


def name_aliases(mentions: Mentions, spellings: Spellings) -> Named:
    """Return how papers mention each alias; aliases are numbered by topic."""
    count = max(len(spellings.aliases), 1)
    alias = spellings.alias[mentions.form]
    keys, first, inverse = np.unique(
        mentions.paper * count + alias, return_index=True, return_inverse=True
    )
    in_abstract = np.bincount(inverse, weights=mentions.field, minlength=len(keys)).astype(np.int64)
    in_title = np.bincount(inverse, minlength=len(keys)) - in_abstract
    level = np.where(in_title > 0, np.where(in_abstract > 0, 4, 3), np.minimum(in_abstract, 3) - 1)
    form = mentions.form[first]
    return Named(
        keys // count, spellings.topic[form], keys % count, spellings.strength[form], level
    )
