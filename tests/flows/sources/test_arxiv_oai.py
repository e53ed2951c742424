"""The harvest, token after token, from a server that replays the true shapes."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from flows.sources.arxiv_oai import ArxivHarvest
from flows.sources.base import FetchRequest, Page
from flows.sources.errors import UnreachableError
from tests.flows.sources.replay import Bench, Replay, Reply, serve

REQUEST = FetchRequest("arxiv-harvest", date(2026, 5, 19))
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    '<responseDate>2026-05-20T10:00:00Z</responseDate><request verb="ListRecords">x</request>'
)
RECORD = (
    "<record><header><identifier>oai:arXiv.org:2605.{0:05}</identifier></header><metadata>"
    '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2605.{0:05}</id>'
    "<title>Of &lt;resumptionToken&gt; and error codes</title></arXiv></metadata></record>"
)
TOKENS = ["verb%3DListRecords%26skip%3D1", "a|b=c&d <e>"]


def records(number: int, token: str | None) -> Reply:
    escaped = (token or "").replace("&", "&amp;").replace("<", "&lt;")
    element = "" if token is None else f'<resumptionToken cursor="0">{escaped}</resumptionToken>'
    body = f"{HEAD}<ListRecords>{RECORD.format(number)}{element}</ListRecords></OAI-PMH>"
    return Reply(body.encode())


def error(code: str, said: str) -> Reply:
    return Reply(f'{HEAD}<error code="{code}">{said}</error></OAI-PMH>'.encode())


def fetch(bench: Bench, server: Replay, **options: int) -> list[Page]:
    client = bench.client(gap_seconds=3, tries=3)
    source = ArxivHarvest(client, f"{server.address}/oai2", "arXiv", "cs:cs:LG", **options)
    return list(source.fetch(REQUEST))


def test_tokens_are_followed_and_come_back_as_they_were_given(bench: Bench) -> None:
    with serve([records(0, TOKENS[0]), records(1, TOKENS[1]), records(2, "")]) as server:
        pages = fetch(bench, server)
    first, *others = [parse_qs(urlsplit(path).query) for path in server.paths]
    assert first == {
        "verb": ["ListRecords"],
        "metadataPrefix": ["arXiv"],
        "from": ["2026-05-19"],
        "until": ["2026-05-19"],
        "set": ["cs:cs:LG"],
    }
    assert others == [{"verb": ["ListRecords"], "resumptionToken": [token]} for token in TOKENS]
    assert server.paths[0].startswith("/oai2?verb=ListRecords&metadataPrefix=arXiv&")
    assert [(page.page, page.has_next) for page in pages] == [
        ("0", True),
        ("1", True),
        ("2", False),
    ]
    assert {(page.feed_date, page.query, page.look_id) for page in pages} == {
        (
            None,
            "metadataPrefix=arXiv&from=2026-05-19&until=2026-05-19&set=cs:cs:LG",
            "arxiv-harvest/2026-05-20T10:00:00",
        )
    }
    assert bench.hours.pauses == [3, 3]


def test_a_reply_without_a_token_is_the_last(bench: Bench) -> None:
    with serve([records(0, None)]) as server:
        (page,) = fetch(bench, server)
    assert page.has_next is False


def test_a_day_without_records_is_one_good_page(bench: Bench) -> None:
    with serve([error("noRecordsMatch", "none")]) as server:
        (page,) = fetch(bench, server)
    assert page.has_next is False
    assert b"noRecordsMatch" in page.body


@pytest.mark.parametrize("code", ["badArgument", "badResumptionToken", "cannotDisseminateFormat"])
def test_any_other_error_of_the_protocol_is_not_tried_again(bench: Bench, code: str) -> None:
    with (
        serve([error(code, "because")]) as server,
        pytest.raises(UnreachableError, match=f"arXiv says {code}: because"),
    ):
        fetch(bench, server)
    assert len(server.paths) == 1


def test_flow_control_is_obeyed(bench: Bench) -> None:
    wait = Reply(b"Retry after 20 seconds", 503, {"Retry-After": "20"})
    with serve([records(0, TOKENS[0]), wait, wait, records(1, "")]) as server:
        assert len(fetch(bench, server)) == 2
    assert bench.hours.pauses == [3, 20, 20]


def test_a_token_that_comes_back_is_an_error(bench: Bench) -> None:
    with (
        serve([records(0, TOKENS[0])]) as server,
        pytest.raises(UnreachableError, match="a resumption token comes back"),
    ):
        fetch(bench, server)
    assert len(server.paths) == 2


def test_a_harvest_without_end_is_an_error(bench: Bench) -> None:
    with (
        serve([records(number, f"t{number}") for number in range(9)]) as server,
        pytest.raises(UnreachableError, match="more than 4 pages"),
    ):
        fetch(bench, server, most_pages=4)


@pytest.mark.parametrize(
    "broken",
    [
        Reply(records(0, "t").body, cut=200),
        Reply(records(0, "t").body[:-20]),
        Reply(f"{HEAD}</OAI-PMH>".encode()),
        Reply(b"<html><body>503 first byte timeout</body></html>"),
    ],
)
def test_a_broken_reply_is_asked_for_again(bench: Bench, broken: Reply) -> None:
    with serve([records(0, "t"), broken, records(1, "")]) as server:
        assert len(fetch(bench, server)) == 2
    assert len(server.paths) == 3


def test_without_a_day_everything_is_asked_for(bench: Bench) -> None:
    with serve([records(0, "")]) as server:
        list(ArxivHarvest(bench.client(), server.address).fetch(FetchRequest("arxiv-harvest")))
    assert parse_qs(urlsplit(server.paths[0]).query) == {
        "verb": ["ListRecords"],
        "metadataPrefix": ["arXiv"],
    }
