"""What is an id is decided by one rule in every format."""

import json
from collections.abc import Callable

import pytest

from tests.flows.captures import api_body, api_entry
from tests.samples import arxiv_jsonl, atom, oai
from tests.transforms.parse.judged import Checked, judge
from transforms.parse.entry import Context
from transforms.parse.readers.tables import Declared
from transforms.parse.recognise import recognise

DECLARED = Declared({"title": ("Title",), "source_id": ("Id", "DOI")})
NO_ARCHIVE = "hepth/9901003"


def read(body: str | bytes, id_scheme: str) -> Checked:
    known = recognise(body.encode() if isinstance(body, str) else body, {"picks": DECLARED})
    return judge(known.format.parse(known.document, Context()), id_scheme)


def of_api(identifier: str) -> bytes:
    return api_body([api_entry(0, paper={"id": identifier})])


def of_csv(identifier: str) -> str:
    return f"Title,Id\nSmall Strings,{identifier}\n"


def of_json_table(identifier: str) -> str:
    return json.dumps([{"Title": "Small Strings", "Id": identifier}])


def of_atom(identifier: str) -> str:
    entry = atom.ENTRY.replace("hep-th/9901001v2", identifier)
    return f"{atom.HEAD}{entry}</feed>"


def of_oai(identifier: str) -> str:
    return oai.listing(oai.record(oai.ARXIV.replace("math/0306266", identifier), identifier))


def of_rss(identifier: str) -> str:
    link = identifier if "://" in identifier else f"https://arxiv.org/abs/{identifier}"
    item = f"<item><title>Small Strings</title><link>{link}</link></item>"
    return f"<rss version='2.0'><channel><title>Papers</title>{item}</channel></rss>"


def of_weekly_text(identifier: str) -> str:
    link = identifier if "://" in identifier else f"https://arxiv.org/pdf/{identifier}"
    return f"Title: Small Strings\nPDF: {link}\nSummary: We count strings.\n---\n"


FORMATS = [of_api, of_csv, of_json_table, of_atom, of_oai, of_rss, of_weekly_text]


@pytest.mark.parametrize("make", FORMATS)
@pytest.mark.parametrize("id_scheme", ["arxiv", "arxiv-optional"])
def test_an_id_of_an_archive_that_does_not_exist_is_rejected_in_every_format(
    make: Callable[[str], str | bytes], id_scheme: str
) -> None:
    assert read(make("hep-th/9901003"), id_scheme).column("source_id") == ["arxiv:hep-th/9901003"]
    judged = read(make(NO_ARCHIVE), id_scheme)
    assert judged.accepted == []
    assert [field for field, _ in judged.reasons()] == ["source_id"]


def test_so_it_is_in_json_lines_beside_a_line_that_is_sound() -> None:
    papers = [{**arxiv_jsonl.SNAPSHOT, "id": found} for found in ("hep-th/9901003", NO_ARCHIVE)]
    judged = read(arxiv_jsonl.lines(*papers), "arxiv")
    assert judged.column("source_id") == ["arxiv:hep-th/9901003"]
    assert [field for field, _ in judged.reasons()] == ["source_id"]


@pytest.mark.parametrize("make", [of_api, of_csv, of_json_table, of_rss, of_weekly_text])
def test_a_doi_is_the_id_of_an_entry_that_has_none_of_arxiv(
    make: Callable[[str], str | bytes],
) -> None:
    body = make("https://doi.org/10.1145/ABC.12v2")
    (entry,) = read(body, "arxiv-optional").accepted
    assert (entry["source_id"], entry["own_id"]) == ("doi:10.1145/abc.12v2",) * 2
    assert entry["source_version"] is None
    # where every entry must have an arXiv id, a DOI is none
    assert [field for field, _ in read(body, "arxiv").reasons()] == ["source_id"]


@pytest.mark.parametrize("make", [of_api, of_csv, of_json_table, of_rss, of_weekly_text])
def test_the_doi_of_arxiv_is_the_arxiv_id(make: Callable[[str], str | bytes]) -> None:
    judged = read(make("https://DOI.org/10.48550/ARXIV.2503.01517V2"), "arxiv-optional")
    assert judged.column("source_id") == ["arxiv:2503.01517"]
    assert judged.column("source_version") == [2]


def test_two_dois_of_one_entry_are_no_id_and_an_issue() -> None:
    table = "Title,Id,DOI\nSmall Strings,10.1145/1.2,10.5281/zenodo.3\n"
    judged = read(table, "arxiv-optional")
    assert judged.column("source_id") == [None]
    assert [(issue["field"], issue["rule"]) for issue in judged.issues] == [("link", "ambiguous")]
