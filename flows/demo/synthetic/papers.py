"""Making synthetic papers: texts, people and votes, without ids and without the day's plan."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from flows.demo.synthetic.grammar import write_sentence, write_title
from flows.demo.synthetic.people import invent_authors, invent_organisation
from flows.demo.synthetic.vocabulary import invent_name
from flows.demo.synthetic.words import WORDS, Subject

_SHORTEST = 900
_LONGEST = 1300
_ROLES = (
    WORDS.sentences.context,
    WORDS.sentences.gap,
    WORDS.sentences.proposal,
    WORDS.sentences.mechanism,
    WORDS.sentences.crossing,
    WORDS.sentences.theory,
    WORDS.sentences.experiment,
    WORDS.sentences.result,
    WORDS.sentences.ablation,
    WORDS.sentences.closing,
)
"""The order in which an abstract says things."""
_ALWAYS = (0, 1, 2, 3, 6, 7)
_CROSSING = 4
_MORE = (3, 8, 5, 7, 9)
"""Roles that come back until the abstract is long enough."""

_HALF_OF_THE_PAPERS = 0.5
_TWO_OF_FIVE = 0.4


@dataclass(frozen=True)
class Paper:
    """One paper that does not exist. Times in it are counted from the start of its list's day."""

    name: str
    title: str
    abstract: str
    authors: list[str]
    author_ids: list[str]
    discussion_id: str
    subject: Subject
    popularity: float
    """Roughly the votes after two days."""
    haste_hours: float
    """How fast the votes come in."""
    published_days_before: int
    submitted_seconds: int
    """When it came to the list, in seconds from midnight UTC of the list's day."""
    has_repository: bool
    stars_per_vote: float
    organisation: tuple[str, str] | None
    is_author_there: bool
    summary: str
    keywords: list[str] = field(default_factory=list)


def make_paper(subject: Subject, second: Subject | None, random: Random) -> Paper:
    """Return a new paper on a subject, which may touch a second one, from the random source."""
    name = invent_name(random)
    bound = _bind(subject, second, name)
    authors = invent_authors(random)
    return Paper(
        name=name,
        title=write_title(random.choice(WORDS.sentences.titles), bound, random),
        abstract=_write_abstract(bound, random),
        authors=authors,
        author_ids=[make_object_id(random) for _ in authors],
        discussion_id=make_object_id(random),
        subject=subject,
        popularity=random.lognormvariate(2.2, 1.0),
        haste_hours=random.uniform(8.0, 40.0),
        published_days_before=random.choice((0, 1, 1, 1, 2, 2, 3)),
        submitted_seconds=random.randrange(1_900, 41_000),
        has_repository=random.random() < _HALF_OF_THE_PAPERS,
        stars_per_vote=random.uniform(0.0, 6.0),
        organisation=invent_organisation(random) if random.random() < _TWO_OF_FIVE else None,
        is_author_there=random.random() < _TWO_OF_FIVE,
        summary=write_sentence(random.choice(WORDS.sentences.ai_summary), bound, random),
        keywords=[*random.sample(subject.phrases, 2), *random.sample(subject.things, 3)],
    )


def retitle(paper: Paper, random: Random) -> str:
    """Return another title of the same paper, of the same name and subject."""
    bound = _bind(paper.subject, None, paper.name)
    title = paper.title
    while title == paper.title:
        title = write_title(random.choice(WORDS.sentences.titles), bound, random)
    return title


def make_object_id(random: Random) -> str:
    """Return 24 hexadecimal digits, the form of the ids of people and discussions."""
    return f"{random.getrandbits(96):024x}"


def _bind(subject: Subject, second: Subject | None, name: str) -> dict[str, Sequence[str]]:
    bound: dict[str, Sequence[str]] = {
        "name": (name,),
        "topic": subject.phrases,
        "things": subject.things,
        "setting": subject.settings,
    }
    if second is not None:
        bound["second"] = second.phrases
        bound["second_things"] = second.things
        bound["second_setting"] = second.settings
    return bound


def _write_abstract(bound: dict[str, Sequence[str]], random: Random) -> str:
    roles = [*_ALWAYS, _CROSSING] if "second" in bound else [*_ALWAYS]
    used: set[str] = set()
    written: list[tuple[int, str]] = []
    length = 0
    for role in (*roles, *_MORE, *_MORE):
        is_needed = len(written) < len(roles)
        if not is_needed and length > _SHORTEST and random.random() < _TWO_OF_FIVE:
            break
        template = random.choice(_ROLES[role])
        sentence = write_sentence(template, bound, random)
        if not is_needed and (template in used or length + len(sentence) > _LONGEST):
            continue
        used.add(template)
        written.append((role, sentence))
        length += len(sentence) + 1
    written.sort(key=lambda sentence: sentence[0])
    return " ".join(sentence for _, sentence in written)
