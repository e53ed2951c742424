"""Which topics a paper is about, and the words in it that say so.

lookup    numbers for keys, many at a time
folding   texts in ASCII, character for character
search    one pass of an automaton over the words of title and abstract
mentions  spellings of the taxonomy among what was found, the longest of each place
scores    probabilities of topics, out of mentions (noisy-OR) and the words around them
evidence  the places in the text that say so
choice    which of the likely topics are assigned to a paper like the labelled ones
assign    which topics are assigned, and the primary one
learned   what was learned from labelled papers, as it is shipped
learn     how it was learned
typical   words that are typical of topics, which it begins with
terms     terms that the taxonomy does not know
"""

from typing import Final

from transforms.topics.assign import (
    EVIDENCE_COLUMNS,
    RULES_VERSION,
    TOPIC_COLUMNS,
    Assigner,
    Assignments,
    assign_topics,
)

TERMS_VERSION: Final = "2"
"""Of the rules of `terms`: another one derives the terms of all papers anew."""

__all__ = [
    "EVIDENCE_COLUMNS",
    "RULES_VERSION",
    "TERMS_VERSION",
    "TOPIC_COLUMNS",
    "Assigner",
    "Assignments",
    "assign_topics",
]
