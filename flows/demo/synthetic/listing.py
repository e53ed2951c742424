"""Composing the lists of the days: which subjects, which bursts, which ids."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from flows.demo.synthetic.agenda import REFERENCE_START, Agenda, SampleSize
from flows.demo.synthetic.bodies import Listed
from flows.demo.synthetic.papers import Paper, make_paper, retitle
from flows.demo.synthetic.words import WORDS, Subject

PAGE_LIMIT = 50
_MORE_THAN_A_PAGE = 53
_LATE_ON_THE_CUT_DAY = 6
_SHARE_BEFORE = 0.02
_SHARE_SINCE = 0.25


class Newsroom:
    """Lists papers day by day. Remembers only counters, so that any number of days fits.

    Every paper has a subject from a deck that is dealt to the end before it is shuffled again, so
    that shares are steady; the papers of a burst are about the burst's subject in the first place.
    """

    def __init__(self, size: SampleSize, agenda: Agenda) -> None:
        """Start before the first day."""
        self.size = size
        self.agenda = agenda
        self.papers_before: Counter[str] = Counter()
        self.papers_since: Counter[str] = Counter()
        self._deck: list[Subject] = []
        self._deck_random = Random(f"{size.seed}:deck")
        self._owed = dict.fromkeys((burst.topic_id for burst in WORDS.subjects.bursts), 0.5)
        self._ids_used: defaultdict[str, int] = defaultdict(int)

    def list_day(self, feed_date: date) -> list[Listed]:
        """Return the papers of a day; days are to be asked for in order, each once."""
        random = self.random_of(feed_date)
        is_cut = feed_date == self.agenda.truncated
        count = max(self.size.papers_per_day, _MORE_THAN_A_PAGE if is_cut else 0)
        subjects: list[Subject | None] = [None] * count
        places = random.sample(range(count), count)
        for burst, onset in zip(WORDS.subjects.bursts, self.size.onsets, strict=True):
            for _ in range(min(self._take_owed(burst, onset, feed_date, count), len(places))):
                subjects[places.pop()] = burst
        listed = [self._list_paper(burst, feed_date, random) for burst in subjects]
        return self._plan_changes(listed, feed_date, random)

    def list_extra(self, feed_date: date, random: Random) -> Listed:
        """Return one more paper for a day, of no burst."""
        return self._list_paper(None, feed_date, random)

    def random_of(self, feed_date: date, use: str = "list") -> Random:
        """Return the random source of a day for one use, independent of all others.

        It goes by the number of the day, so that a sample of other dates has the same papers.
        """
        counted = REFERENCE_START + (feed_date - self.size.start)
        return Random(f"{self.size.seed}:{counted}:{use}")

    def make_unlisted(self, random: Random) -> Paper:
        """Return a paper that no list shows."""
        return make_paper(self._deal(), None, random)

    def _list_paper(self, burst: Subject | None, feed_date: date, random: Random) -> Listed:
        dealt = self._deal()
        paper = make_paper(burst, dealt, random) if burst else make_paper(dealt, None, random)
        published = feed_date - timedelta(days=paper.published_days_before)
        return Listed(paper, self._next_id(published), feed_date)

    def _take_owed(self, burst: Subject, onset: date, feed_date: date, count: int) -> int:
        """Return how many papers of a burst a day has; what is rounded off is owed to the next."""
        is_since = feed_date >= onset
        owed = self._owed[burst.topic_id] + count * (_SHARE_SINCE if is_since else _SHARE_BEFORE)
        taken = int(owed)
        self._owed[burst.topic_id] = owed - taken
        counted = self.papers_since if is_since else self.papers_before
        counted[burst.topic_id] += taken
        return taken

    def _deal(self) -> Subject:
        if not self._deck:
            self._deck = self._deck_random.sample(WORDS.subjects.steady, len(WORDS.subjects.steady))
        return self._deck.pop()

    def _next_id(self, published: date) -> str:
        """Return an id of arXiv: since 2015 with five digits behind the month, before with four."""
        month = f"{published:%y%m}"
        self._ids_used[month] += 1
        digits = 5 if published.year >= 2015 else 4
        return f"{month}.{self._ids_used[month]:0{digits}d}"

    def _plan_changes(self, listed: list[Listed], feed_date: date, random: Random) -> list[Listed]:
        """Return the list with the papers that come late or change their title, as planned."""
        agenda = self.agenda
        if feed_date in agenda.retitled:
            bursts = WORDS.subjects.bursts
            number = next(n for n, one in enumerate(listed) if one.paper.subject not in bursts)
            title = retitle(listed[number].paper, random)
            listed[number] = replace(listed[number], later_title=title)
        if feed_date in agenda.late_papers:
            listed[-1] = _come_late(listed[-1], random)
        if feed_date == agenda.truncated:
            # the most voted come late, so that those cut off at the end were seen at noon
            listed.sort(key=lambda one: one.paper.popularity)
            for number in range(-_LATE_ON_THE_CUT_DAY, 0):
                listed[number] = _come_late(listed[number], random)
        return listed


def _come_late(listed: Listed, random: Random) -> Listed:
    seconds = random.randrange(15 * 3600, 23 * 3600)
    return replace(listed, paper=replace(listed.paper, submitted_seconds=seconds), is_late=True)
