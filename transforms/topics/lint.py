"""What of a topic dictionary is allowed, and most likely a mistake."""

from collections.abc import Iterator
from typing import Final

from transforms.declared import DeclaredTopic, DeclaredTopics
from transforms.taxonomy import RETIRED, Taxonomy
from transforms.topics.search import list_words, patterns_of

_SHORT_WORD: Final = 3


def lint(topics: DeclaredTopics, taxonomy: Taxonomy) -> list[str]:
    """Return what looks like a mistake, a sentence each, in the order of the document.

    ``taxonomy`` is what `transforms.taxonomy.build_taxonomy` made of ``topics``.
    """
    parents = {topic.parent for topic in topics.topics}
    found = [
        f"field {field.id!r} has no topic" for field in topics.fields if field.id not in parents
    ]
    for topic in topics.topics:
        found += [f"topic {topic.id!r}: {problem}" for problem in _lint_topic(topic, taxonomy)]
    return found


def _lint_topic(topic: DeclaredTopic, taxonomy: Taxonomy) -> Iterator[str]:
    if topic.status == RETIRED:
        if topic.examples:
            yield "is retired and has examples, which no paper can be"
        return
    own = taxonomy.forms.filter(topic_id=topic.id)["form"].to_list()
    yield from _lint_spellings(topic, own)
    for spelling in topic.excludes:
        if not _holds_any(spelling, own):
            yield f"'not' {spelling!r} holds no spelling of the topic, and so changes nothing"
    for spelling in topic.requires:
        if patterns_of([spelling])[0] in patterns_of(own):
            yield f"'requires' {spelling!r} is a spelling of the topic, and so always there"


def _lint_spellings(topic: DeclaredTopic, own: list[str]) -> Iterator[str]:
    if not own:
        yield "has no spelling; only its context can assign it, if the model knows it"
    elif not [*topic.aliases, *topic.acronyms, *topic.in_title]:
        yield "has weak spellings alone"
    for alias in topic.aliases:
        if alias.isalpha() and len(alias) <= _SHORT_WORD:
            yield f"alias {alias!r} is short and found in any case: list it as an acronym?"
    for acronym in topic.acronyms:
        if acronym.islower():
            yield f"acronym {acronym!r} is written like a word: list it as an alias?"


def _holds_any(spelling: str, forms: list[str]) -> bool:
    words = list_words([spelling.lower()])[0]
    inside = {tuple(one) for one in list_words([form.lower() for form in forms])}
    return any(
        tuple(words[begin : begin + len(one)]) == one
        for one in inside
        for begin in range(len(words))
    )
