"""A world of our own making: what two feeds publish when, and when their servers are of no use."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from random import Random
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from tests.flows.captures import api_entry
from tests.flows.sources.replay import Reply, json_reply

EASTERN = ZoneInfo("America/New_York")
TROUBLES = ("503", "cut", "html", "captive", "half")


@dataclass(frozen=True)
class Listed:
    """One list: when it came out, and when each of its papers was added (naive UTC)."""

    feed_date: date
    papers: tuple[tuple[str, datetime], ...]

    def shown_at(self, moment: datetime) -> list[str]:
        """Return the ids that the list shows at a moment."""
        return [paper for paper, added_at in self.papers if added_at <= moment]


@dataclass(frozen=True)
class Outage:
    """A time during which a server, or our own machine, is of no use."""

    begins: datetime
    ends: datetime
    trouble: str = "503"


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it. ``trouble`` is None where it answered honestly."""

    moment: datetime
    feed_id: str
    feed_date: date
    page: int
    papers: tuple[str, ...]
    has_next: bool
    trouble: str | None


@dataclass
class World:
    """Answers as Hugging Face and as arXiv's announcements do, by a clock that a test moves."""

    first: date
    days: int
    random: Random
    closed: frozenset[date]
    """The days of arXiv's calendar without a list."""
    moment: datetime = field(init=False)
    asked: list[Asked] = field(default_factory=list)
    lists: dict[tuple[str, date], Listed] = field(default_factory=dict)
    outages: dict[str, list[Outage]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Decide everything that will happen."""
        self.moment = at(self.first)
        for name, share in (("hf-daily", 0.1), ("arxiv-new", 0.08), ("us", 0.04)):
            self.outages[name] = self._outages(name, share)
        for number in range(-35, self.days + 1):
            day = self.first + timedelta(days=number)
            if day.isoweekday() < 6:
                self._list_hugging_face(day, number)
                self._list_arxiv(day, number)

    def trouble(self, name: str) -> str | None:
        """Return what is wrong with a server at the moment, or with our machine."""
        for outage in self.outages[name]:
            if outage.begins <= self.moment < outage.ends:
                return outage.trouble
        return None

    def answer(self, path: str) -> Reply:
        """Answer a request as the world stands at the moment."""
        address = urlsplit(path)
        if address.path.startswith("/rss/"):
            return self._announcements()
        query = parse_qs(address.query)
        return self._daily_papers(date.fromisoformat(query["date"][0]), int(query["p"][0]))

    def votes(self) -> set[tuple[str, datetime, int]]:
        """Return what Hugging Face's honest answers said of votes: paper, moment, votes."""
        return {
            (f"arxiv:{paper}", asked.moment, _age(asked.feed_date, asked.moment) + n)
            for asked in self.asked
            if asked.feed_id == "hf-daily" and asked.trouble is None
            for n, paper in enumerate(asked.papers)
        }

    def _list_hugging_face(self, day: date, number: int) -> None:
        kind = self.random.random()
        if kind < 0.03:
            return  # a holiday that no calendar knows
        hours = self.random.uniform(1, 16)
        if kind < 0.10:
            hours = self.random.uniform(25, 110)  # late, past the deadline too
        out_at = at(day) + timedelta(hours=hours)
        added = [out_at] * self.random.randint(1, 3)
        if self.random.random() < 0.3:
            added.append(out_at + timedelta(hours=self.random.uniform(1, 200)))
        self._publish("hf-daily", day, 100 + number, added)

    def _list_arxiv(self, day: date, number: int) -> None:
        if day in self.closed or self.random.random() < 0.03:
            return
        built_at = utc(datetime.combine(day, time(0, self.random.randint(0, 20)), EASTERN))
        if self.random.random() < 0.1:
            built_at += timedelta(hours=self.random.uniform(1, 22))
        self._publish("arxiv-new", day, 600 + number, [built_at] * self.random.randint(1, 3))

    def _publish(self, feed_id: str, day: date, number: int, added: list[datetime]) -> None:
        month = 2601 + number // 1000
        papers = [(f"{month}.{number % 1000:03}{n:02}", when) for n, when in enumerate(added)]
        self.lists[feed_id, day] = Listed(day, tuple(papers))

    def _outages(self, name: str, share: float) -> list[Outage]:
        outages = []
        for number in range(self.days):
            if self.random.random() < share:
                begins = at(self.first) + timedelta(days=number, hours=self.random.uniform(0, 24))
                hours = self.random.uniform(2, 70) * (2 if name == "us" else 1)
                trouble = self.random.choice(TROUBLES)
                outages.append(Outage(begins, begins + timedelta(hours=hours), trouble))
        return outages

    def _daily_papers(self, day: date, page: int) -> Reply:
        """Answer two papers a page: the server's own limit is smaller than the one asked for."""
        listed = self.lists.get(("hf-daily", day))
        shown = listed.shown_at(self.moment) if listed else []
        papers = shown[2 * page : 2 * page + 2]
        has_next = len(shown) > 2 * page + 2
        age = _age(day, self.moment)
        entries = [_entry(paper, day, votes=age + n) for n, paper in enumerate(papers)]
        link = f'<?date={day}&p={page + 1}&limit=100>; rel="next"'
        reply = json_reply(entries, **({"Link": link} if has_next else {}))
        return self._maybe_spoil(reply, "hf-daily", day, page, papers, has_next)

    def _announcements(self) -> Reply:
        """Answer the newest list that is out; from midnight on an empty one, if it is no day."""
        today = self.moment.replace(tzinfo=UTC).astimezone(EASTERN).date()
        for age in range(30):
            day = today - timedelta(days=age)
            listed = self.lists.get(("arxiv-new", day))
            papers = listed.shown_at(self.moment) if listed else []
            if papers or listed is None or self.random.random() < 0.3:
                reply = Reply(_rss(day, papers), 200, {"Content-Type": "application/xml"})
                return self._maybe_spoil(reply, "arxiv-new", day, 0, papers, False)
        raise AssertionError

    def _maybe_spoil(
        self, reply: Reply, name: str, day: date, page: int, papers: list[str], has_next: bool
    ) -> Reply:
        trouble = self.trouble(name)
        if trouble is None and self.random.random() < 0.01:
            trouble = self.random.choice(TROUBLES)
        if trouble == "half" and page == 0:
            trouble = None
        self.asked.append(Asked(self.moment, name, day, page, tuple(papers), has_next, trouble))
        if trouble in ("503", "half"):
            return json_reply({"error": "on strike"}, 503)
        if trouble == "cut":
            return Reply(reply.body, headers=reply.headers, cut=len(reply.body) // 2)
        if trouble == "html":
            return Reply(b"<!doctype html><title>Back soon</title>")
        if trouble == "captive":
            return Reply(b'{"login": "Accept the terms of this hotel"}')
        return reply


def at(day: date, hour: float = 0) -> datetime:
    """Return an hour of a day, naive UTC."""
    return datetime.combine(day, time()) + timedelta(hours=hour)


def utc(moment: datetime) -> datetime:
    """Return an instant as naive UTC."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _age(day: date, moment: datetime) -> int:
    return max((moment - at(day)) // timedelta(hours=1), 0)


def _entry(paper: str, day: date, votes: int) -> dict[str, object]:
    text = {
        "title": f"Quiet Gradients, Case {paper}",
        "summary": f"We look at {paper}, and at nothing else.",
    }
    inner = {"id": paper, "upvotes": votes, "submittedOnDailyAt": f"{day}T01:00:00.000Z", **text}
    return api_entry(0, paper=inner, **text)


def _rss(day: date, papers: list[str]) -> bytes:
    date_ = format_datetime(datetime.combine(day, time(), EASTERN))
    items = "".join(
        f"""<item><title>Patient Lanterns, Case {paper}</title>
 <link>https://arxiv.org/abs/{paper}</link>
 <description>arXiv:{paper}v1 Announce Type: new
Abstract: We count {paper}, and nothing else.</description>
 <guid isPermaLink="false">oai:arXiv.org:{paper}v1</guid><category>cs.LG</category>
 <pubDate>{date_}</pubDate><arxiv:announce_type>new</arxiv:announce_type>
 <dc:creator>Ada Example</dc:creator></item>"""
        for paper in papers
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>"
        '<rss xmlns:arxiv="http://arxiv.org/schemas/atom"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>'
        "<title>cs.LG updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.LG</link>"
        f"<pubDate>{date_}</pubDate>{items}</channel></rss>"
    ).encode()
