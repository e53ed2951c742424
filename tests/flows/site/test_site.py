"""The site of a small home: what it shows is published, and only what changed is written."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from lxml import html

from flows.clock import now
from flows.report import Papers, Report
from flows.site.addresses import name_of, topic_page
from flows.site.after import site_after
from flows.site.build import changed_quarters
from flows.site.paper_pages import vote_lines
from flows.site.rendering import safe_link
from flows.site.search_index import shard_of
from flows.site.sparkline import age_x, sparkline, votes_y
from flows.site.topic_pages import topic_pages
from flows.site.wording import Piece, tell_difference
from flows.workspace import Workspace
from tests.flows.captures import Bench, api_body, api_entry
from tests.flows.site.links import dead_links
from tests.flows.site.numbers import unexplained, unexplained_of
from warehouse.answers.lists import Searched
from warehouse.answers.papers import Look
from warehouse.answers.question import show_sql
from warehouse.answers.topics import Topic, TopicBurst
from warehouse.connection import open_published
from warehouse.trend_values import Burst, TrendList

HOSTILE = (
    "<script>window.hit = 1</script> as a title",
    '"><img src=x onerror="window.hit = 1"> {{ 7 * 7 }}',
    "</script></title>'); window.hit = 1; // \u202egnp",
)
Ask = Callable[..., str]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Yield a home with three papers of one day, and their site."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("site"), patch)
        listed = [api_entry(n, paper={"title": title}) for n, title in enumerate(HOSTILE)]
        made.put(api_body(listed))
        assert made.run("ingest", made.inbox, "--layout", LAYOUT).code == 0
        assert made.run("publish").code == 0
        yield made


LAYOUT = "{_}/{feed_date}/{captured_at}.json"


def test_titles_of_others_are_text_on_every_page(bench: Bench) -> None:
    pages = sorted((bench.home / "site").rglob("*.html"))
    assert len(pages) > 12
    for page in pages:
        tree = html.fromstring(page.read_text(encoding="utf-8"))
        assert not tree.xpath("//img[@onerror]")
        assert all(script.get("src") for script in tree.iter("script")), page
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert "{{ 7 * 7 }}" in unescape(text)
    assert "\u202e" not in text


def test_no_page_asks_another_host(bench: Bench) -> None:
    for page in (bench.home / "site").rglob("*.html"):
        tree = html.fromstring(page.read_text(encoding="utf-8"))
        loaded = tree.xpath("//script/@src | //img/@src | //link/@href | //iframe/@src")
        assert not [one for one in loaded if re.match(r"(https?:)?//", one)]


def test_no_link_of_a_page_leads_nowhere(bench: Bench) -> None:
    assert list(dead_links(bench.home / "site")) == []


def test_only_what_changed_is_written_again(bench: Bench) -> None:
    again = json.loads(bench.run("publish", "--json").out)
    assert (again["written"], again["removed"]) == (0, 0)
    page = bench.home / "site" / "papers" / f"{name_of(PAPER)}.html"
    page.unlink()
    (bench.home / "site" / "papers" / "arxiv-2001.00001.html").write_text("of an erased paper")
    mended = json.loads(bench.run("publish", "--json").out)
    assert (mended["written"], mended["removed"]) == (1, 1)
    assert page.is_file()


PAPER = "arxiv:2506.10000"


def test_every_number_of_a_page_is_given_by_the_queries_that_it_shows(bench: Bench) -> None:
    site = bench.home / "site"
    pages = pages_of(site)
    shown = {
        query.text_content()
        for page in pages
        for query in html.parse(str(site / page)).getroot().xpath(QUERIES)
    }
    assert len(shown) > 20
    assert not [query for query in shown if query.startswith("-")]  # it would be an option
    with open_published(bench.home / "warehouse.duckdb") as connection:
        assert unexplained_of(site, pages, connection) == {}


def test_a_number_that_no_query_gives_is_found(bench: Bench) -> None:
    page = html.parse(str(bench.home / "site" / "index.html")).getroot()
    page.get_element_by_id("climbs").append(html.fromstring("<p>Of 4,711 papers.</p>"))
    with open_published(bench.home / "warehouse.duckdb") as connection:
        assert unexplained(page, "index.html.j2", connection) == ["4,711"]


def pages_of(site: Path) -> list[str]:
    """Return the pages that show numbers of the warehouse."""
    found = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    others = ("as-of/", "archive", "quality")
    return sorted(one for one in found if not one.startswith(others))


QUERIES = "//details[@class='sql']//code"


@pytest.mark.slow
def test_a_past_state_is_published_beside_the_newest_one(bench: Bench) -> None:
    assert bench.run("publish", "--as-of", "2025-06-30").code == 0
    for no_past in (
        f"{now() + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
        f"{now() + timedelta(days=1):%Y-%m-%d}",
        "2025-06-01",
        "0001-01-01",
    ):
        ending = bench.run("publish", "--as-of", no_past)
        assert (ending.code, ending.out) == (2, "")
        assert "the archive is of the past" in ending.err or "nothing was known" in ending.err
    past = bench.home / "site" / "as-of" / "2025-06-30"
    assert "This is the past" in (past / "index.html").read_text(encoding="utf-8")
    assert "as-of/2025-06-30/" in (bench.home / "site" / "archive.html").read_text(encoding="utf-8")
    assert list(dead_links(bench.home / "site")) == []
    foot = html.parse(str(past / "about.html")).getroot().xpath("string(//footer)")
    (told,) = re.findall(r"paperstrata (rebuild --as-of \S+ --output) FILE", foot)
    file = bench.home.parent / "past.duckdb"
    rebuilt = bench.run(*told.split(), file, "--json")
    about = (past / "about.html").read_text(encoding="utf-8")
    assert json.loads(rebuilt.out)["content_digest"] in about
    with open_published(file) as connection:
        assert unexplained_of(past, pages_of(past), connection) == {}


def test_two_papers_never_share_a_page_and_no_id_leaves_the_folder() -> None:
    ids = [
        "arxiv:hep-th/9901001",
        "arxiv:hep-th_9901001",
        "doi:10.1/A",
        "doi:10.1/a",
        "title:../../x",
    ]
    names = [name_of(one) for one in ids]
    assert len({name.lower() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) for name in names)
    assert name_of("arxiv:2501.12948") == "arxiv-2501.12948"


def test_two_topics_never_share_a_page_and_every_page_has_a_name_that_a_disk_takes() -> None:
    ids = ["llm-agents", "a b", "a-b", "a/b", "index", "..", "t" * 300, "t" * 301]
    pages = [topic_page(one) for one in ids]
    assert pages[0] == "topics/llm-agents.html"
    assert len({*pages, "topics/index.html"}) == len(ids) + 1
    assert all(page.count("/") == 1 and len(page) < 120 for page in pages)


def test_a_shown_query_keeps_its_values_within_their_quotes() -> None:
    shown = show_sql("paper_looks", paper_id="x' or 1 = 1 --")
    assert "paper_id = 'x'' or 1 = 1 --'" in shown
    assert "where true" in show_sql("paper_looks")


def test_a_link_of_others_leads_to_the_web_or_nowhere() -> None:
    assert safe_link("javascript:alert(1)") is None
    assert safe_link('https://example.org/a b"><x>') == "https://example.org/a%20b%22%3E%3Cx%3E"


def test_a_difference_is_told_word_by_word() -> None:
    assert tell_difference("Deep nets for cats", "Deep models for cats") == (
        Piece("same", "Deep "),
        Piece("gone", "nets "),
        Piece("new", "models "),
        Piece("same", "for cats"),
    )
    assert tell_difference("the same", "the same") is None


def test_a_shard_of_the_search_ends_no_script() -> None:
    paper = Searched("arxiv:1", "</script>", "Zebras, zebras and more", ("A B",), (), None, None)
    shard = shard_of("2025q2", [paper])
    assert "</" not in shard
    rows = json.loads(shard.removeprefix('paperstrata.add("2025q2",').removesuffix(");\n"))
    assert rows == [["arxiv-1", "</script>", "A B", "", "", -1, "zebras"]]


def test_a_paper_that_moves_to_another_quarter_leaves_the_shard_of_the_one_before() -> None:
    before = {"a": "2025q1", "b": "2025q2", "gone": "2024q4"}
    now = {"a": "2025q1", "b": "2025q1", "new": "2025q3"}
    assert changed_quarters(before, before, ()) == set()
    assert changed_quarters(before, now, ("b", "new")) == {"2024q4", "2025q1", "2025q2", "2025q3"}


def test_a_topic_whose_burst_lasted_at_the_end_of_an_earlier_stretch_does_not_rise_now() -> None:
    day, later = date(2025, 3, 3), date(2025, 9, 1)
    burst = TopicBurst("hf-daily", "week", day, day, day, None, day, 9, 50, 2.5, 3.6, 8.0)
    topic = Topic("rain", "Rain", "topic", None, 9, 9, (), (), (burst,), (), ())
    told = Burst("hf-daily", "rain", "Rain", day, day, day, None, "active", 8.0, 9, 50, 2.5, 3.6)
    for first, is_rising in ((later, False), (day, True)):
        newest = TrendList(
            *("hf-daily", "week", first, later, 9, 1, 1, 1, 0.01, 0.01, 50), (told,), (), ()
        )
        rows = next(topic_pages([topic], [newest], {}, {})).values["rows"]
        assert [row.is_rising for row in rows] == [is_rising]


def test_of_many_looks_the_newest_is_drawn() -> None:
    at = datetime.fromisoformat("2025-06-20T06:00:00")
    looks = [Look("hf-daily", at + timedelta(hours=n), n // 24, n) for n in range(62)]
    (line,) = vote_lines(looks)
    assert len(line.points) == 31
    assert line.points[-1] == (age_x(2), votes_y(61))
    assert line.points == tuple(sorted(line.points, key=lambda point: point[0]))


def test_a_sparkline_goes_from_zero_to_the_highest_share() -> None:
    drawn = sparkline([0.0, 0.5, 0.25], "said")
    assert drawn is not None
    assert drawn.line == "M3.0,29.0L66.0,3.0L129.0,16.0"
    assert sparkline([0.5], "said") is None


def test_whatever_goes_wrong_with_the_site_is_a_warning_of_a_run_that_has_published(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TypeError("an error that nobody foresaw")

    workspace = Workspace.open(bench.home)
    workspace.settings = workspace.settings.model_copy(update={"publish_site": True})
    monkeypatch.setattr("flows.site.publish.publish_site", fail)
    report = site_after(workspace, Report(is_published=True))
    assert "the site could not be written: TypeError: an error that nobody foresaw" in "".join(
        report.warnings
    )


@pytest.mark.slow
def test_a_site_that_a_stopped_run_left_half_is_written_by_the_next_one_that_publishes_nothing(
    bench: Bench,
) -> None:
    workspace = Workspace.open(bench.home)
    workspace.settings = workspace.settings.model_copy(update={"publish_site": True})
    page, feed = bench.home / "site" / "new.html", bench.home / "site" / "feeds" / "climbing.xml"
    shown = page.read_text(encoding="utf-8")
    page.write_text("of the publication before", encoding="utf-8")
    feed.unlink(missing_ok=True)
    site_after(workspace, Report())
    assert page.read_text(encoding="utf-8") != shown, "it is of what is published: all is at rest"
    (bench.home / "site" / ".build" / "published.json").unlink()
    assert site_after(workspace, Report()).warnings == []
    assert page.read_text(encoding="utf-8") == shown
    assert feed.exists()


def test_a_site_of_very_many_papers_is_left_to_publish_and_the_run_says_so(bench: Bench) -> None:
    workspace = Workspace.open(bench.home)
    few = {"publish_site": True, "site_papers": 2}
    workspace.settings = workspace.settings.model_copy(update=few)
    report = site_after(workspace, Report(is_published=True, papers=Papers(3)))
    (note,) = report.notes
    assert "3 papers are more than site_papers = 2; `paperstrata publish` writes it" in note
    assert report.warnings == []
