"""Comment, journal, licence and withdrawal of a paper, in every format that carries them."""

import json
from typing import Any

import pytest

from config.feeds import TableConfig
from tests.flows.captures import api_body, api_entry
from tests.samples import arxiv_jsonl, arxiv_rss, atom, oai
from tests.transforms.parse.judged import judge
from transforms.parse.entry import Context
from transforms.parse.formats.table import parse
from transforms.parse.readers.tables import declare, read_table
from transforms.parse.recognise import recognise

GONE = "This paper has been withdrawn by the author"
JOURNAL = "J. Small Things 14 (2005) 439"
LICENCE = "http://creativecommons.org/licenses/by/4.0/"
FIELDS = ("author_comment", "journal_ref", "licence", "is_withdrawn")
NOTES = (
    f"<comments>{GONE}</comments><journal-ref>{JOURNAL}</journal-ref><license>{LICENCE}</license>"
)


def read(body: str | bytes) -> list[dict[str, Any]]:
    """Return the accepted entries of a body, which has no values that are wrong."""
    known = recognise(body.encode() if isinstance(body, str) else body)
    parsed = known.format.parse(known.document, Context())
    judged = judge(parsed)
    assert (judged.issues, judged.rejected, dict(parsed.unknown_fields)) == ([], [], {})
    return judged.accepted


def notes_of(body: str | bytes) -> tuple[Any, ...]:
    (entry,) = read(body)
    return tuple(entry[name] for name in FIELDS)


def atom_answer() -> str:
    shown = f"<arxiv:comment>{GONE}</arxiv:comment><arxiv:journal_ref>{JOURNAL}</arxiv:journal_ref>"
    entry = atom.ENTRY.replace("<arxiv:comment>12 pages</arxiv:comment>", shown)
    return atom.HEAD + entry.replace("</entry>", f"<rights>{LICENCE}</rights></entry>") + "</feed>"


def dublin_core() -> str:
    return oai.listing(
        oai.record(
            oai.DC.replace("Comment: 12 pages", f"Comment: {GONE}")
            .replace("Journal of Small Things 14 (2005) 439", JOURNAL)
            .replace("<dc:type>", f"<dc:rights>{LICENCE}</dc:rights><dc:type>")
        )
    )


BODIES = {
    "atom": atom_answer,
    "oai_dc": dublin_core,
    "arXiv": lambda: oai.listing(oai.record(oai.ARXIV.replace("<doi>", NOTES + "<doi>"))),
    "arXivRaw": lambda: oai.listing(
        oai.record(oai.RAW.replace("<abstract>", NOTES + "<abstract>"))
    ),
    "the bulk snapshot": lambda: json.dumps(
        {**arxiv_jsonl.SNAPSHOT, "comments": GONE, "journal-ref": JOURNAL, "license": LICENCE}
    ),
    "JSON lines of others": lambda: json.dumps(
        {**arxiv_jsonl.PAPER, "comment": GONE, "journal_ref": JOURNAL, "licence": LICENCE}
    ),
    "an announcement": lambda: arxiv_rss.ATOM.replace(
        "<arxiv:announce_type>",
        f"<arxiv:comment>{GONE}</arxiv:comment><dc:rights>{LICENCE}</dc:rights>"
        f"<arxiv:journal_reference>{JOURNAL}</arxiv:journal_reference><arxiv:announce_type>",
    ),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_comment_journal_and_licence_are_kept_and_a_comment_may_say_withdrawn(body: Any) -> None:
    assert notes_of(body()) == (GONE, JOURNAL, LICENCE, True)
    kept = body().replace(GONE, "withdrawn from ICLR")
    assert notes_of(kept) == ("withdrawn from ICLR", JOURNAL, LICENCE, False)


def test_what_a_source_does_not_show_is_null_and_not_withdrawn() -> None:
    entries = read(arxiv_rss.RSS)
    assert [[entry[name] for name in FIELDS] for entry in entries] == [
        [None, None, LICENCE, False],
        [None, None, None, False],
    ]


@pytest.mark.parametrize("is_usual", [True, False])
@pytest.mark.parametrize("place", ["paper", "entry"])
def test_the_api_says_when_a_paper_was_withdrawn(place: str, is_usual: bool) -> None:
    mark = {"withdrawnAt": "2025-06-19T08:00:00.000Z"}
    entry = api_entry(paper=mark) if place == "paper" else api_entry(**mark)
    sound = api_entry(1, paper={"withdrawnAt": None})
    entries = [entry, sound]
    # what the typed reader does not know goes to the general one
    body = entries if is_usual else {"status": "success", "date": "2025-06-20", "data": entries}
    withdrawn, active = read(api_body(body))
    assert withdrawn["withdrawn_at"].isoformat() == "2025-06-19T08:00:00"
    assert [withdrawn["is_withdrawn"], active["is_withdrawn"]] == [True, False]
    assert active["withdrawn_at"] is None


@pytest.mark.parametrize(
    "mark",
    [
        'version="v10"><date>Fri, 17 Nov 2017 08:00:00 GMT</date><size>0kb</size>',
        'version="v10"><date>Fri, 17 Nov 2017 08:00:00 GMT</date><source_type>I</source_type>',
        'version="v10" status="withdrawn"><date>Fri, 17 Nov 2017 08:00:00 GMT</date>',
    ],
)
def test_a_version_that_is_marked_withdrawn_says_so_of_the_paper(mark: str) -> None:
    plain = 'version="v10"><date>Fri, 17 Nov 2017 08:00:00 GMT</date><size>9kb</size>'
    assert plain in oai.RAW
    (entry,) = read(oai.listing(oai.record(oai.RAW.replace(plain, mark))))
    assert entry["is_withdrawn"]
    assert entry["withdrawn_at"].isoformat() == "2017-11-17T08:00:00"
    # of an older version it says nothing of the paper
    older = oai.RAW.replace('version="v2"', 'version="v2" status="withdrawn"')
    assert [entry["is_withdrawn"] for entry in read(oai.listing(oai.record(older)))] == [False]


@pytest.mark.parametrize("mark", [{"withdrawn": True}, {"status": "Withdrawn"}])
def test_a_version_of_the_snapshot_may_be_marked_too(mark: dict[str, Any]) -> None:
    created = "Fri, 17 Nov 2017 08:00:00 GMT"
    first, second = ({"version": f"v{number}", "created": created} for number in (1, 2))
    (entry,) = read(json.dumps({**arxiv_jsonl.SNAPSHOT, "versions": [first, {**second, **mark}]}))
    assert entry["is_withdrawn"]
    assert entry["withdrawn_at"].isoformat() == "2017-11-17T08:00:00"
    (entry,) = read(json.dumps({**arxiv_jsonl.SNAPSHOT, "versions": [{**first, **mark}, second]}))
    assert not entry["is_withdrawn"]


@pytest.mark.parametrize(
    "shown, comment, count",
    [
        ("12", None, 12),
        ("12 pages, 3 figures", "12 pages, 3 figures", None),
        (GONE, GONE, None),
    ],
)
def test_a_mirror_may_show_the_comment_of_the_authors_or_a_number_of_comments(
    shown: str, comment: str | None, count: int | None
) -> None:
    text = f"&lt;p&gt;Comments: {shown}&lt;/p&gt;&lt;p&gt;Abstract: We count.&lt;/p&gt;"
    (entry,) = read(
        "<rss version='2.0'><channel><title>Papers</title><item><title>Small Things</title>"
        f"<link>https://huggingface.co/papers/2501.00001</link><description>{text}</description>"
        "</item></channel></rss>"
    )
    assert (entry["author_comment"], entry["comments"]) == (comment, count)
    assert entry["abstract"] == "We count."


def test_a_number_of_comments_is_no_comment() -> None:
    assert notes_of(json.dumps({**arxiv_jsonl.PAPER, "comments": 12}))[0] is None


def test_a_table_has_them_by_the_names_of_its_columns() -> None:
    columns = {
        "source_id": "id",
        "title": "t",
        "author_comment": "Comments",
        "journal_ref": "Journal",
        "licence": "License",
        "withdrawn_at": "Withdrawn on",
        "announce_type": "Kind",
    }
    text = "id,t,Comments,Journal,License,Withdrawn on,Kind\n"
    text += f"2501.00001,Small Things,{GONE},{JOURNAL},{LICENCE},,new\n"
    text += "2501.00002,Other Things,12 pages,,,2025-01-02,replace\n"
    table = read_table(text.encode(), declare(TableConfig(columns=dict(columns))))
    assert table is not None
    first, second = judge(parse(table, Context())).accepted
    assert tuple(first[name] for name in FIELDS) == (GONE, JOURNAL, LICENCE, True)
    assert (first["withdrawn_at"], first["announce_type"]) == (None, "new")
    assert tuple(second[name] for name in FIELDS) == ("12 pages", None, None, True)
    assert second["withdrawn_at"].isoformat() == "2025-01-02T00:00:00"
