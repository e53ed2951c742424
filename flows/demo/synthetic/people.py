"""Invented people and institutions: authors and organisations of the synthetic papers."""

from random import Random

from flows.demo.synthetic.words import WORDS

_PEOPLE = WORDS.people


def invent_authors(random: Random) -> list[str]:
    """Return two to eight different names, in order."""
    names = [
        f"{random.choice(_PEOPLE.given)} {random.choice(_PEOPLE.family)}"
        for _ in range(random.randrange(2, 9))
    ]
    return list(dict.fromkeys(names))


def invent_organisation(random: Random) -> tuple[str, str]:
    """Return the short and the full name of an institution that does not exist."""
    place, kind = random.choice(_PEOPLE.places), random.choice(_PEOPLE.kinds)
    return f"{place}-{kind.split()[0]}".lower(), f"{place} {kind}"
