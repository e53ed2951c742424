"""The site of the demonstration in a real browser: search, charts, accessibility, hosts."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from lxml import html

from flows.cli.main import run
from flows.site.charts import Charts
from flows.site.sparkline import VOTES_HEIGHT
from tests.flows.captures import DAY, LOOK_TIME, api_body, api_entry
from tests.flows.site.browsers import find_browser, launch
from tests.flows.site.links import dead_links
from tests.flows.site.numbers import unexplained_of
from tests.flows.site.periods import periods_of
from warehouse.connection import open_published, rows_as_dicts

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from axe_playwright_python.sync_playwright import Axe  # noqa: E402

pytestmark = pytest.mark.slow

_HOSTILE = (
    "<script>window.hit = 1</script> Wumpus",
    '"><img src=x onerror="window.hit = 1"> Wumpus',
    "</script><script>window.hit = 1</script> Wumpus",
)
_KINDS = (
    "index.html",
    "topics/index.html",
    "topics/world-models.html",
    "days/index.html",
    f"days/{DAY}.html",
    "climbing.html",
    "new.html",
    "ledger.html",
    "quality.html",
    "archive.html",
    "about.html",
    "search.html",
)
_JUDGED = {"preload": False, "resultTypes": ["violations"]}
"""What axe reports: to list all that is sound takes it half of the time."""
_FIRST_VIEW_BYTES = 300_000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of the demonstration, with a capture of hostile titles from long before."""
    folder = tmp_path_factory.mktemp("site")
    late = folder / "late" / DAY / f"{LOOK_TIME}.json"
    late.parent.mkdir(parents=True)
    late.write_bytes(api_body([api_entry(n, paper={"title": t}) for n, t in enumerate(_HOSTILE)]))
    home = ["--home", str(folder / "home")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PAPERSTRATA_PUBLISH_SITE", "true")
        assert run([*home, "demo"]) == 0
        layout = "{feed_date}/{captured_at}.json"
        assert run([*home, "ingest", str(late.parents[1]), "--layout", layout]) == 0
    return folder / "home" / "site"


@pytest.fixture(scope="module")
def reworded(site: Path) -> str:
    """Return the page of a paper of which two wordings were seen."""
    pages = sorted((site / "papers").glob("*.html"))
    found = next(page for page in pages if "<del>" in page.read_text(encoding="utf-8"))
    return f"papers/{found.name}"


@dataclass
class Watched:
    """A tab, and everything that went wrong in it or left this machine."""

    page: "playwright.Page"
    wrong: list[str] = field(default_factory=list)
    bytes: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self.wrong.append(f"console {said.type}: {said.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("requestfailed", lambda asked: self.wrong.append(f"failed: {asked.url}"))
        self.page.on("request", self._look)

    def _look(self, asked: "playwright.Request") -> None:
        if not re.match(r"file:|data:|http://127\.0\.0\.1:", asked.url):
            self.wrong.append(f"another host: {asked.url}")


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    found = find_browser()
    if found is None:
        pytest.skip("no browser: apt-get install chromium")
    with playwright.sync_playwright() as started:
        opened = launch(started, found)
        yield opened
        opened.close()


def open_tab(browser: "playwright.Browser", width: int = 1200, scheme: str = "light") -> Watched:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    return Watched(context.new_page())


def test_every_kind_of_page_is_sound_in_light_and_dark_on_desktop_and_phone(
    browser: "playwright.Browser", site: Path, reworded: str
) -> None:
    axe = Axe()
    for width, scheme in ((1200, "light"), (390, "dark")):
        tab = open_tab(browser, width, scheme)
        for name in (*_KINDS, reworded):
            tab.page.goto((site / name).as_uri())
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= width, name
            if name == "search.html":
                tab.page.get_by_text(re.compile(r"^[\d,]+ papers\.$")).wait_for()
            found = axe.run(tab.page, options=_JUDGED).response["violations"]
            said = [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in found]
            assert said == [], f"{name} in {scheme} at {width}"
        assert tab.wrong == []
        tab.page.context.close()


def test_charts_are_drawn_where_scripts_are_off(
    browser: "playwright.Browser", site: Path, reworded: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / "topics" / "world-models.html").as_uri())
    box = page.locator("svg.chart").bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert box["height"] > 80
    assert page.locator("svg.chart path").count() > 3
    page.goto((site / "index.html").as_uri())
    assert page.locator(".card svg.spark").count() == 2
    page.goto((site / reworded).as_uri())
    assert page.locator(".stack svg circle").count() >= 2
    assert page.locator(".stack img").evaluate("image => image.naturalWidth") > 0
    for curve in (site / "curves").glob("*.svg"):
        page.goto(curve.as_uri())
        assert page.locator("svg").evaluate(_LOWEST) <= VOTES_HEIGHT
    context.close()


_LOWEST = "svg => svg.getBBox().y + svg.getBBox().height"
_OVERLAPS = """svg => {
    const boxes = [...svg.querySelectorAll("text")].map(one => one.getBoundingClientRect())
    const shown = boxes.filter(one => one.width)
    return shown.flatMap((a, at) => shown.slice(at + 1).filter(b => Math.abs(a.top - b.top) < 2
        && a.left < b.right + 2 && b.left < a.right + 2)).length
}"""


def test_no_label_below_a_chart_runs_into_another_on_a_phone(
    browser: "playwright.Browser", site: Path, tmp_path: Path
) -> None:
    tab = open_tab(browser, 390)
    tab.page.goto((site / "topics" / "world-models.html").as_uri())
    for count in (6, 18, 26, 57, 61):
        drawing = Charts(tmp_path).draw_shares(periods_of(date(2025, 1, 6), count), [], "Shares")
        assert drawing is not None
        tab.page.locator("svg.chart").first.evaluate(
            "(old, drawn) => { old.outerHTML = drawn }", drawing.svg()
        )
        assert tab.page.locator("svg.chart").first.evaluate(_OVERLAPS) == 0, count
    tab.page.context.close()


def test_the_search_finds_words_authors_and_topics_and_runs_no_title(
    browser: "playwright.Browser", site: Path
) -> None:
    tab = open_tab(browser)
    tab.page.goto((site / "search.html").as_uri())
    for asked, title in (
        ("world models", "World Model"),
        ("Ada Example", "Wumpus"),
        ("small things add up", "Wumpus"),
        ("Wumpus", _HOSTILE[0]),
    ):
        tab.page.fill("#words", asked)
        tab.page.locator("#found li", has_text=title).first.wait_for()
        assert " found in " in tab.page.locator("#said").inner_text()
    tab.page.click("#found a")
    assert "Wumpus" in tab.page.locator("h1").inner_text()
    tab.page.goto((site / "days" / f"{DAY}.html").as_uri())
    assert tab.page.locator("li .title").count() == len(_HOSTILE)
    assert tab.page.evaluate("window.hit") is None
    assert tab.wrong == []
    tab.page.context.close()


def test_the_chosen_colours_stay_from_page_to_page(
    browser: "playwright.Browser", site: Path
) -> None:
    tab = open_tab(browser)
    tab.page.goto((site / "index.html").as_uri())
    colour = "getComputedStyle(document.body).backgroundColor"
    light = tab.page.evaluate(colour)
    tab.page.check("#theme-dark")
    dark = tab.page.evaluate(colour)
    tab.page.goto((site / "climbing.html").as_uri())
    assert tab.page.evaluate(colour) == dark != light
    tab.page.context.close()


def test_the_same_site_works_from_a_server_and_its_first_view_is_small(
    browser: "playwright.Browser", site: Path
) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tab = open_tab(browser)
        sizes: list[int] = []
        tab.page.on("response", lambda got: sizes.append(len(got.body())))
        address = f"http://127.0.0.1:{server.server_port}"
        tab.page.goto(f"{address}/index.html", wait_until="networkidle")
        assert 0 < sum(sizes) < _FIRST_VIEW_BYTES
        tab.page.goto(f"{address}/search.html#q=world%20models")
        tab.page.locator("#found li").nth(3).wait_for()
        assert tab.wrong == []
        tab.page.context.close()
        server.shutdown()


def test_no_link_of_the_whole_site_leads_nowhere(site: Path) -> None:
    assert list(dead_links(site)) == []


def test_every_number_is_that_of_the_query_beside_it(site: Path, reworded: str) -> None:
    with open_published(site.parent / "warehouse.duckdb") as connection:

        def ask(tree: html.HtmlElement, of: str) -> list[dict[str, object]]:
            (query,) = tree.xpath(
                f"//details[@class='sql'][contains(summary, 'SQL of {of}')]//code"
            )
            return rows_as_dicts(connection.execute(query.text_content()))

        paper = read(site / reworded)
        looks = ask(paper, "the votes")
        assert cells(paper, "Table: Votes in hf-daily") == [
            [f"{row['age_days']}", f"{row['votes']}"] for row in looks
        ]
        climbing = read(site / "climbing.html")
        climbers = ask(climbing, "what climbs")
        shown = [one.text_content() for one in climbing.xpath("//ol[@class='papers']/li")]
        assert len(shown) == len(climbers) > 10
        for said, row in zip(shown, climbers, strict=True):
            assert str(row["title"]) in said
            assert f"score {row['score']:.2f}" in said
        topic = read(site / "topics" / "world-models.html")
        periods = [row for row in ask(topic, "the shares") if row["grain"] == "week"]
        assert [row[0] for row in cells(topic, "Table: Shares in Hugging Face Daily Papers")] == [
            f"{row['papers']} of {row['observed']}" for row in reversed(periods[-12:])
        ]
        front = read(site / "index.html")
        bursts = {str(row["name"]): row for row in ask(front, "the bursts")}
        for card in front.xpath("//article[@class='card']"):
            row = bursts[card.xpath("string(h3)").strip()]
            said = " ".join(card.text_content().split())
            assert f"{row['ratio']:.1f}×" in said
            assert f"{row['papers']} papers of {row['observed']}" in said
        day = read(site / "days" / f"{DAY}.html")
        listed = ask(day, "this list")
        titles = [one.text_content() for one in day.xpath("//a[@class='title']")]
        assert titles == [row["title"] for row in listed]


def test_every_kind_of_page_shows_the_queries_of_all_its_numbers(site: Path, reworded: str) -> None:
    last = max(path.name for path in (site / "days").glob("2*.html"))
    kinds = [name for name in _KINDS if name not in ("archive.html", "quality.html")]
    with open_published(site.parent / "warehouse.duckdb") as connection:
        assert unexplained_of(site, [*kinds, reworded, f"days/{last}"], connection) == {}


def read(page: Path) -> html.HtmlElement:
    return html.fromstring(page.read_text(encoding="utf-8"))


def cells(tree: html.HtmlElement, label: str) -> list[list[str]]:
    """Return the numbers of a table, row by row."""
    rows = tree.xpath(f"//div[@aria-label={label!r}]//tbody/tr")
    return [[cell.text_content() for cell in row.xpath("td[@class='n']")] for row in rows]
