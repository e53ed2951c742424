"""Erasing names from bodies: in every encoding that the readers read, packed, or in Parquet."""

import gzip
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transforms.redact.samples import NAME, NAMES, SPELLINGS, parquet
from transforms.errors import UnknownFormatError, UnreadableError
from transforms.parse.entry import Context
from transforms.parse.readers.encoding import UTF8_MARK, WESTERN, WIDE_MARKS
from transforms.parse.recognise import recognise
from transforms.redact.bodies import erase_body
from transforms.redact.names import ERASED, Names


@given(st.binary(max_size=60))
def test_bytes_without_the_name_stay_as_they_are(body: bytes) -> None:
    try:
        assert erase_body(body, NAMES).body == body
    except UnreadableError:
        wide = (b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PA", b"\0\0")
        assert body.startswith(wide) or body.lstrip()[:4].count(0) >= 2


@given(st.lists(st.sampled_from([*SPELLINGS[:4], "Ada Example", '"', "é"]), max_size=6))
def test_json_stays_json_and_says_the_same_but_for_the_name(texts: list[str]) -> None:
    for is_ascii in (True, False):
        body = json.dumps({"authors": texts}, ensure_ascii=is_ascii).encode()
        erased = json.loads(erase_body(body, NAMES).body)["authors"]
        assert erased == [NAMES.erase(text)[0] for text in texts]


@pytest.mark.parametrize(
    "body",
    [
        f"\ufeffa,b\n{NAME},é\n".encode(),
        f"a,b\n{NAME},é\n".encode("utf-16"),
        b"\xfe\xff" + f"a,b\n{NAME},é\n".encode("utf-16-be"),
        f'<?xml version="1.0" encoding="ISO-8859-1"?><a>é {NAME}</a>'.encode("latin-1"),
        b"broken \xff\xe9 " + NAME.encode(),
        f"a,b\n{NAME},é\n".encode("utf-32"),
        f"a,b\n{NAME},é\n".encode("utf-16-le"),
        f"a,b\n{NAME},é\n".encode("cp1252"),
    ],
)
def test_the_encoding_of_a_body_stays_and_so_does_every_other_byte(body: bytes) -> None:
    erased = erase_body(body, NAMES)
    assert erased.is_clean
    assert erased.occurrences == 1
    for encoding in ("utf-8", "utf-32-le", "utf-16-le", "utf-16-be", "latin-1"):
        name, mark = NAME.encode(encoding), ERASED.encode(encoding)
        if name in body:
            assert erased.body == body.replace(name, mark)
            return
    raise AssertionError("the sample holds no name")


def test_a_packed_body_stays_packed() -> None:
    for body in (f"by {NAME}\n".encode() * 3, parquet(a=pa.array([NAME]))):
        erased = erase_body(gzip.compress(body), NAMES)
        assert erased.occurrences > 0
        assert gzip.decompress(erased.body) == erase_body(body, NAMES).body
    sink = io.BytesIO()
    with gzip.GzipFile(f"{NAME}.json", "wb", fileobj=sink, mtime=0) as file:
        file.write(b"[]")
    erased = erase_body(sink.getvalue(), NAMES)
    assert (erased.occurrences, gzip.decompress(erased.body)) == (1, b"[]")
    assert b"Quillfeather" not in erased.body
    assert erase_body(gzip.compress(b"[]"), NAMES).occurrences == 0
    with pytest.raises(UnreadableError):
        erase_body(gzip.compress(b"[]")[:-6], NAMES)


def test_an_encoding_that_nobody_knows_is_told() -> None:
    with pytest.raises(UnreadableError, match="x-nonsense"):
        erase_body(b'<?xml version="1.0" encoding="x-nonsense"?><a/>', NAMES)


def test_a_table_in_parquet_loses_the_name_in_every_kind_of_column_and_nothing_else() -> None:
    body = parquet(
        authors=pa.array([[NAME, "Ada Example"], None]),
        note=pa.array(["zoe\u0308 quillfeather", "b"]).dictionary_encode(),
        by=pa.array([{"name": NAME, "age": 3}, None]),
        at=pa.array([1, None], pa.timestamp("ns")),
    )
    erased = erase_body(body, NAMES)
    assert (erased.occurrences, erased.is_clean) == (3, True)
    table = pq.read_table(io.BytesIO(erased.body))
    assert table.schema == pq.read_table(io.BytesIO(body)).schema
    assert table["authors"].to_pylist() == [[ERASED, "Ada Example"], None]
    assert table["note"].to_pylist() == [ERASED, "b"]
    assert table["by"].to_pylist() == [{"name": ERASED, "age": 3}, None]
    assert table["at"].cast(pa.int64()).to_pylist() == [1, None]


ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/abs/2501.00001v1</id>'
    f"<title>Of Feathers</title><author><name>{NAME}</name></author></entry></feed>"
)
LINES = f"Title: Of Feathers, by {NAME}\nPDF: https://arxiv.org/pdf/2501.00001\nSummary: None.\n"
MARKED = {"utf-8-sig": UTF8_MARK} | {name: mark for mark, name in WIDE_MARKS.items()}
DECLARED = (
    "utf-8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "macintosh", "koi8-r",
    "utf-16", "utf-16-le", "utf-32-le", "shift_jis", "gb18030", "big5", "euc-kr",
)  # fmt: skip


def bodies_in(text: str) -> list[bytes]:
    """The text in every encoding of the table, with its mark and without."""
    encoded = [text.encode(name.removesuffix("-sig")) for name in MARKED]
    marked = [mark + body for mark, body in zip(MARKED.values(), encoded, strict=True)]
    return [*encoded, *marked, text.encode(WESTERN)]


def read_entries(body: bytes) -> str | None:
    """What the entries of a body say, as one text; None where the readers refuse it."""
    try:
        known = recognise(body)
    except UnknownFormatError:
        return None
    return str(known.format.parse(known.document, Context()).entries)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["bare", "packed"])
@pytest.mark.parametrize(
    "body",
    [
        *bodies_in(ATOM),
        *bodies_in(LINES),
        *bodies_in(json.dumps([{"paper": {"id": "2501.00001", "title": f"By {NAME}"}}])),
        *(f'<?xml version="1.0" encoding="{name}"?>{ATOM}'.encode(name, "xmlcharrefreplace")
          for name in DECLARED),
    ],
)  # fmt: skip
def test_every_encoding_that_the_readers_read_can_be_rewritten(body: bytes, pack: object) -> None:
    packed = pack(body)
    said = read_entries(packed)
    erased = erase_body(packed, NAMES)
    if said is not None:
        assert NAMES.holds(said)
        assert (erased.occurrences, erased.is_clean) == (1, True)
        assert read_entries(erased.body) == said.replace(NAME, ERASED)


def test_lines_cut_within_a_letter_are_read_and_told_to_stay_as_they_are() -> None:
    paper = {"paper": {"id": "2501.00001", "title": f"By {NAME}"}}
    cut = f"{json.dumps(paper)}\n".encode("utf-16-le") * 2
    assert NAMES.holds(read_entries(cut[:-1]) or "")
    with pytest.raises(UnreadableError, match="it is not utf-16-le"):
        erase_body(cut[:-1], NAMES)


def test_the_readers_read_all_encodings_of_the_table_but_utf_32_without_a_mark() -> None:
    """So that the test before does not pass over what it is to prove."""
    unread = [body for body in bodies_in(LINES) if read_entries(body) is None]
    assert unread == [LINES.encode("utf-32-le"), LINES.encode("utf-32-be")]
    assert [body for body in bodies_in(ATOM) if read_entries(body) is None] == [
        ATOM.encode("utf-32-be")
    ]


def test_a_table_that_is_a_bomb_in_a_column_that_nobody_reads_is_left_alone() -> None:
    sink = io.BytesIO()
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000), pa.array(["x" * 100_000]))
    pq.write_table(pa.table({"name": ["Ann Lee"] * 20_000, "other": bomb}), sink)
    with pytest.raises(UnreadableError, match="a table of more than"):
        erase_body(sink.getvalue(), Names(["Ann Lee"]))


@pytest.mark.parametrize("kind", [pa.timestamp("us"), pa.timestamp("us", "No/Where"), pa.date32()])
def test_a_time_that_python_has_no_words_for_does_not_keep_the_name(kind: pa.DataType) -> None:
    sink = io.BytesIO()
    times = pa.array([2**30 if kind == pa.date32() else 2**62], kind)
    pq.write_table(pa.table({"name": ["Ann Lee"], "at": times}), sink)
    erased = erase_body(sink.getvalue(), Names(["Ann Lee"]))
    table = pq.read_table(io.BytesIO(erased.body))
    assert table["name"].to_pylist() == [ERASED]
    assert table["at"].combine_chunks().equals(times)


def test_a_table_that_cannot_be_written_without_the_name_is_left_alone() -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"name": pa.array([b"Ann Lee"], pa.binary(7))}), sink)
    with pytest.raises(UnreadableError, match="read and written again"):
        erase_body(sink.getvalue(), Names(["Ann Lee"]))
