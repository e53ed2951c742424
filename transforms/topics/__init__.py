"""Which topics a paper is about, and the words in it that say so.

search    one pass of an automaton over title and abstract
mentions  spellings of the taxonomy among what was found, the longest of each place
scores    probabilities of topics, out of mentions (noisy-OR) and the words around them
assign    which topics are assigned, the primary one, and the evidence
learned   what was learned from labelled papers, as it is shipped
learn     how it was learned
"""

from transforms.topics.assign import (
    EVIDENCE_COLUMNS,
    RULES_VERSION,
    TOPIC_COLUMNS,
    Assignments,
    assign_topics,
)

__all__ = ["EVIDENCE_COLUMNS", "RULES_VERSION", "TOPIC_COLUMNS", "Assignments", "assign_topics"]
