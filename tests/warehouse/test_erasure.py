"""Erasing names: every spelling of a name and nothing else, and packs that take others' places."""

import gzip
import html
import io
import json
import unicodedata
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.test_landing import AT, looks
from transforms.errors import UnfitNameError
from transforms.redact.names import ERASED, Names
from warehouse.erasure import UnreadableError, erase_body, erase_file, stage_captures
from warehouse.landing import ERASURE, Landing, remove_leftovers

NAME = "Zoë Quillfeather"
NAMES = Names([NAME])

SPELLINGS = (
    "zoë  quillfeather",
    "ZOE\u0308\n\tQUILLFEATHER",
    "Zo\\u00eb Quillfeather",
    "Zo\\u00EB\\nQuillfeather",
    "Zoe\\u0308 Quillfeather",
    "\\u005ao\\\\u00eb Quillfeather",
    "Zo&euml;&nbsp;Quillfeather",
    "Zo&#235; Quillfeather",
    "Z&#x6F;&#xEB;&#10;Quillfeather",
    "Zo&amp;euml; Quillfeather",
    "Zo\\u0026euml; Quillfeather",
    'Zo\\"e Quillfeather',
    'Zo\\\\\\"{e} Quillfeather',
    "Zo%C3%AB+Quillfeather",
    "Zo\u00adë\u2009Quill\u200bfeather",
    "Ｚｏë Ｑｕｉｌｌｆｅａｔｈｅｒ",
)
OTHERS = (
    "Zoë Quillfeathers",
    "AnaZoë Quillfeather",
    "\\u00e9Zoë Quillfeather",
    "Zoe\u0308\u0301 Quillfeather",
    "Ana-Zoë Quillfeather",
    "Zoë Quillfeather-Smith",
    "Zoë Ann Quillfeather",
    "ZoëQuillfeather",
    "John Quillfeather, Zoë Smith",
    '"John Quillfeather", "Zoë Smith"',
)


def parquet(**columns: pa.Array) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_a_name_is_found_in_every_spelling_and_nothing_beside_it_is_touched(spelled: str) -> None:
    for before, after in (("by ", "'s team"), ("\\n", "\\n"), ("<b>", "</b>"), ('"', '"')):
        text = before + spelled + after
        assert NAMES.holds(text)
        assert NAMES.erase(text) == (before + ERASED + after, 1)


@pytest.mark.parametrize("other", OTHERS)
def test_another_name_stays(other: str) -> None:
    assert not NAMES.holds(other)
    assert NAMES.erase(other) == (other, 0)


def test_ann_lee_is_not_in_joann_leeson() -> None:
    names = Names(["Ann Lee"])
    text = "Joann Leeson and Ann Lee"
    assert names.erase(text) == (f"Joann Leeson and {ERASED}", 1)


@pytest.mark.parametrize(
    ("text", "erased"),
    [
        (
            "<keyname>Quillfeather</keyname>\n <forenames>Zo&#235;</forenames>",
            f"<keyname>{ERASED}</keyname>\n <forenames>{ERASED}</forenames>",
        ),
        ('[["Quillfeather", "Zo\\u00eb", ""]]', f'[["{ERASED}", "{ERASED}", ""]]'),
        ("<c>Quillfeather, Zoë</c>", f"<c>{ERASED}, {ERASED}</c>"),
        ("Lee, Ann; Quillfeather, Zoë; Roe, A", f"Lee, Ann; {ERASED}, {ERASED}; Roe, A"),
        ("<b>Zoë</b> <i>Quillfeather</i>", f"<b>{ERASED}</b><i></i>"),
    ],
)
def test_a_name_in_parts_is_found_where_the_format_shows_one_person(text: str, erased: str) -> None:
    assert NAMES.holds(f" {text}")
    assert NAMES.erase(f" {text}") == (f" {erased}", 1)


def test_names_without_spaces_between_words_are_found_within_a_sentence() -> None:
    assert Names(["王小明"]).erase("论文由王小明写成 \\u738b\\u5c0f\\u660e") == (
        f"论文由{ERASED}写成 {ERASED}",
        2,
    )


@pytest.mark.parametrize("name", ["", "  ", "Xi", "A", "erased", "a b"])
def test_what_is_too_short_for_a_name_is_not_looked_for(name: str) -> None:
    with pytest.raises(UnfitNameError):
        Names([name])


def _escapes(character: str) -> st.SearchStrategy[str]:
    forms = {
        character,
        character.swapcase(),
        unicodedata.normalize("NFD", character),
        *(f"&#{ord(character)};", f"&#x{ord(character):x};", f"&#x{ord(character):X};"),
        *(f"&amp;#{ord(character)};", f"\\u{ord(character):04x}", f"\\\\u{ord(character):04X}"),
        html.escape(character).encode("ascii", "xmlcharrefreplace").decode(),
        json.dumps(character)[1:-1],
    }
    return st.sampled_from(sorted(form for form in forms if len(form) > 0))


spelled_names = st.tuples(*map(_escapes, NAME)).map("".join)
fillers = st.text(st.characters(codec="utf-8", exclude_characters='\\&%"'), max_size=20)


@given(spelled_names, fillers, fillers)
def test_a_name_whose_letters_are_escaped_each_in_its_own_way_is_erased(
    spelled: str, before: str, after: str
) -> None:
    text = f"{before} {spelled} {after}"
    assert NAMES.holds(text)
    erased, count = NAMES.erase(text)
    assert count == 1
    assert erased == f"{before} {ERASED} {after}"
    assert not NAMES.holds(erased)


@given(st.binary(max_size=60))
def test_bytes_without_the_name_stay_as_they_are(body: bytes) -> None:
    try:
        assert erase_body(body, NAMES).body == body
    except UnreadableError:
        wide = (b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"PA", b"\0\0")
        assert body.startswith(wide) or body[:4].count(0) == 2


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


def test_a_file_of_ours_is_rewritten_and_one_without_the_name_is_not(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    path.write_text(json.dumps({"parameters": json.dumps({"paths": [f"/a/{NAME}/b"]})}) + "\n")
    assert erase_file(path, NAMES).occurrences == 1
    assert json.loads(json.loads(path.read_text())["parameters"]) == {"paths": [f"/a/{ERASED}/b"]}
    written = path.stat().st_ino
    assert erase_file(path, NAMES).occurrences == 0
    assert path.stat().st_ino == written
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    landing = Landing(tmp_path / "landing")
    landing.write("looks", looks("a", "b", body=b"by Zoe"))
    landing.write("looks", looks("c"))
    return landing


def stage(landing: Landing, body: bytes = b"by [erased]") -> tuple[str, pl.DataFrame]:
    """Stage an erasure of what is in ``a``; return the old pack and the record."""
    old = next(name for name, pack in landing.packs("looks") if pack.height == 2)
    new = stage_captures(landing, dict(landing.packs("looks"))[old], {"a": {"body": body}})
    row = dict.fromkeys(ERASURE.names()) | {
        "place": "looks", "capture_id": "a", "erased_at": AT, "pack": old, "replaced_by": new
    }  # fmt: skip
    return old, pl.DataFrame([row], schema=ERASURE)


def bodies(landing: Landing) -> dict[str, bytes]:
    read = landing.read_bodies(landing.captures())
    return dict(read.select("capture_id", "body").iter_rows())


BEFORE = {"a": b"by Zoe", "b": b"by Zoe", "c": b"[]"}
AFTER = {**BEFORE, "a": b"by [erased]"}


def test_a_staged_pack_counts_from_its_record_on(landing: Landing) -> None:
    old, record = stage(landing)
    assert bodies(landing) == BEFORE
    landing.replace(record)
    assert bodies(landing) == AFTER
    assert not (landing.folder / "looks" / f"{old}.parquet").exists()
    assert landing.erasures()["capture_id"].to_list() == ["a"]


def test_a_staged_pack_without_a_record_is_swept_up(landing: Landing) -> None:
    stage(landing)
    remove_leftovers(landing.folder)
    assert bodies(landing) == BEFORE
    assert not list(landing.folder.glob("*/*.staged"))


def test_what_is_on_record_is_ended_by_the_next_run(landing: Landing) -> None:
    old, record = stage(landing)
    landing.write("erasures", record)
    assert bodies(landing) == BEFORE
    remove_leftovers(landing.folder)
    assert bodies(landing) == AFTER
    assert not (landing.folder / "looks" / f"{old}.parquet").exists()


def test_a_replaced_pack_that_comes_back_from_a_backup_is_never_read(landing: Landing) -> None:
    old, record = stage(landing)
    path = landing.folder / "looks" / f"{old}.parquet"
    kept = path.read_bytes()
    landing.replace(record)
    again, later = stage(landing, b"[erased]")
    landing.replace(later)
    path.write_bytes(kept)
    assert bodies(landing) == {**AFTER, "a": b"[erased]"}
    assert not {old, again} & dict(landing.packs("looks")).keys()
    remove_leftovers(landing.folder)
    assert not path.exists()


def test_a_pack_that_would_replace_itself_stays(landing: Landing) -> None:
    old, record = stage(landing, b"by Zoe")
    assert record["replaced_by"].to_list() == [old]
    landing.replace(record)
    assert bodies(landing) == BEFORE


def test_the_old_pack_counts_while_the_new_one_is_missing(landing: Landing) -> None:
    """As in a backup that was taken while names were erased: no look may be lost."""
    old, record = stage(landing)
    landing.write("erasures", record)
    for staged in landing.folder.glob("*/*.staged"):
        staged.unlink()
    remove_leftovers(landing.folder)
    assert bodies(landing) == BEFORE
    assert (landing.folder / "looks" / f"{old}.parquet").exists()
