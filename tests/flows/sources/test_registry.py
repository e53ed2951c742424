"""Sources by name, and what they give to the landing."""

import hashlib
import subprocess
import sys
from base64 import b64encode
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.sources.arxiv_announcements import ArxivAnnouncements
from flows.sources.arxiv_oai import ArxivHarvest
from flows.sources.arxiv_query import ArxivQuery
from flows.sources.base import FetchRequest
from flows.sources.errors import SourceConfigError, UnreachableError
from flows.sources.huggingface import DailyPapers
from flows.sources.registry import NAMES, SourceRegistry, answers_for_past_days
from tests.flows.sources.replay import Bench, Reply, json_reply, serve
from warehouse.landing import Landing
from warehouse.landing_records import CAPTURE

REQUEST = FetchRequest("hf-daily", date(2026, 5, 19))


def test_every_name_opens_a_source() -> None:
    with SourceRegistry("http://127.0.0.1:1/", "http://127.0.0.1:1/") as registry:
        for name in NAMES:
            options = {"categories": "cs.LG+cs.CL"} if name in ("arxiv-rss", "arxiv-atom") else {}
            assert callable(registry.open(name, options).fetch)


def test_a_source_whose_address_names_no_day_shows_only_now() -> None:
    only_now = {name for name in NAMES if not answers_for_past_days(name)}
    assert only_now == {"hf-trending", "arxiv-rss", "arxiv-atom"}
    days = [date(2026, 5, 18), date(2026, 5, 19)]
    for name in NAMES:
        options = {"categories": "cs.LG"} if name in ("arxiv-rss", "arxiv-atom") else {}
        with serve([Reply(b"", 404)]) as server:
            for day in days:
                with (
                    SourceRegistry(server.address, server.address) as registry,
                    pytest.raises(UnreachableError),
                ):
                    list(registry.open(name, options).fetch(FetchRequest("a-feed", day)))
            # a week or a month holds both days
            if name not in ("hf-week", "hf-month"):
                assert (len(set(server.paths)) == 2) == answers_for_past_days(name), name


@pytest.mark.parametrize(
    ("login", "sent"),
    [
        ("me:hid@den", "me:hid@den"),
        ("me:hid/den", "me:hid/den"),
        ("me:hid?den#", "me:hid?den#"),
        ("me:hid den", "me:hid den"),
        ("me:hid%40den", "me:hid@den"),
        ("hidden-den", "hidden-den:"),
    ],
)
def test_a_login_in_the_address_of_a_server_is_sent_and_never_shown_whatever_it_holds(
    login: str, sent: str
) -> None:
    basic = b64encode(sent.encode()).decode()
    with serve([Reply(f"you sent {basic} {sent}".encode(), status=404)]) as server:
        address = server.address.replace("http://", f"http://{login}@")
        with (
            SourceRegistry(address, address) as registry,
            pytest.raises(UnreachableError) as caught,
        ):
            list(registry.open("hf-date").fetch(REQUEST))
    assert server.headers[0]["authorization"] == f"Basic {basic}"
    assert caught.value.address.startswith(server.address)
    assert "den" not in f"{caught.value} {caught.value.address} {caught.value.detail!r}"


@pytest.mark.parametrize("address", ["me:hidden@127.0.0.1:1", "//me:hidden@127.0.0.1:1"])
def test_a_login_in_an_address_without_a_scheme_is_not_shown(address: str) -> None:
    with (
        SourceRegistry(address, address) as registry,
        pytest.raises(UnreachableError, match="no address of a web server") as caught,
    ):
        list(registry.open("hf-date").fetch(REQUEST))
    assert "hidden" not in f"{caught.value} {caught.value.address}"


def test_options_reach_their_source() -> None:
    with SourceRegistry("http://127.0.0.1:1/", "http://127.0.0.1:1/") as registry:
        rss = registry.open("arxiv-rss", {"categories": "cs.LG+cs.CL"})
        query = registry.open("arxiv-query", {"search_query": "cat:cs.LG", "most_results": "50"})
        harvest = registry.open("arxiv-oai", {"set": "cs", "metadata_prefix": "oai_dc"})
        trend = registry.open("hf-trending")
    assert isinstance(rss, ArxivAnnouncements)
    assert rss.categories == ("cs.LG", "cs.CL")
    assert isinstance(query, ArxivQuery)
    assert (query.search_query, query.most_results) == ("cat:cs.LG", 50)
    assert isinstance(harvest, ArxivHarvest)
    assert (harvest.set_spec, harvest.metadata_prefix) == ("cs", "oai_dc")
    assert isinstance(trend, DailyPapers)
    assert (trend.period, trend.most_pages, trend.endpoint) == ("trending", 1, "http://127.0.0.1:1")


def test_all_sources_of_a_server_keep_its_pauses() -> None:
    with SourceRegistry("http://127.0.0.1:1", "http://127.0.0.1:1") as registry:
        query, harvest = registry.open("arxiv-query"), registry.open("arxiv-oai")
    assert isinstance(query, ArxivQuery)
    assert isinstance(harvest, ArxivHarvest)
    assert query.client is harvest.client


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("hf-yearly", {}, "no source is called 'hf-yearly'; there are hf-date"),
        ("hf-date", {"set": "cs"}, "source 'hf-date' has no option set"),
        ("arxiv-rss", {}, "needs the option categories"),
        ("arxiv-query", {"page_size": "many"}, "invalid literal"),
    ],
)
def test_what_cannot_be_opened_is_told(name: str, options: dict[str, str], said: str) -> None:
    with (
        SourceRegistry("http://127.0.0.1:1", "http://127.0.0.1:1") as registry,
        pytest.raises(SourceConfigError, match=said),
    ):
        registry.open(name, options)


def test_a_contact_is_part_of_our_name() -> None:
    with (
        serve([json_reply([])]) as server,
        SourceRegistry(server.address, server.address, "mailto:ops@example.org") as registry,
    ):
        list(registry.open("hf-date").fetch(REQUEST))
    name = server.headers[0]["user-agent"]
    assert name.startswith("paperstrata/")
    assert name.endswith(" (mailto:ops@example.org)")


def test_a_page_fits_into_the_landing(bench: Bench, tmp_path: Path) -> None:
    with (
        serve([json_reply([{"paper": {}}])]) as server,
        SourceRegistry(server.address, server.address, clock=bench.hours.clock()) as registry,
    ):
        (page,) = registry.open("hf-date").fetch(REQUEST)
    facts = page.facts()
    assert facts.keys() <= set(CAPTURE)
    landed = {"capture_id": "c", "kind": "daily_list", "format": "hf_api", **facts}
    landing = Landing(tmp_path)
    landing.write("looks", pl.DataFrame([landed], schema=CAPTURE, orient="row"))
    (capture,) = landing.read_bodies(landing.captures()).to_dicts()
    assert capture["body"] == page.body
    assert capture["blob_id"] == hashlib.sha256(page.body).hexdigest()
    assert (capture["captured_at"], capture["captured_at_source"]) == (page.captured_at, "fetch")


def test_the_names_cost_no_http_client() -> None:
    code = (
        "import sys; import flows.sources.registry, flows.sources.errors;"
        "print([m for m in ('httpx', 'polars', 'duckdb', 'pydantic') if m in sys.modules])"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert printed.stdout.strip() == "[]", printed.stderr
