"""What stands for more than its bytes is read in bounded parts, or refused with the reason."""

import gzip
import io
import os
import unicodedata
from pathlib import Path

import polars as pl
import pytest

from flows.pipeline.capture import reread
from flows.pipeline.inbox_memory import InboxMemory
from flows.pipeline.inputs import Stated, read_batches
from flows.pipeline.land import LandingState, land
from flows.workspace import Workspace
from tests.flows.captures import Bench
from transforms.errors import MarkupError, ParquetError
from transforms.parse.entry import Misfit
from transforms.parse.readers.fields import Reader
from transforms.parse.readers.limits import say_excess_of_text
from transforms.parse.readers.markup import LONGEST_TEXT, children, read_xml, records, text_of
from transforms.parse.readers.parquet import read_rows
from transforms.parse.recognise import recognise
from transforms.text import clean_titles

LINE = b'{"paper": {"id": "2506.0%d", "title": "A", "upvotes": 1}}\n'
ENTRIES = 1_000


def test_packed_captures_of_many_entries_are_held_in_memory_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch, batch_bytes=100_000)
    for number in range(1_000, 1_004):
        bench.put(gzip.compress(LINE % number + b"0\n" * (ENTRIES - 1)), f"{number}.json")
    workspace = Workspace.open(bench.home)
    workspace.begin_home()
    state = LandingState.read(workspace)
    memory = InboxMemory.read(workspace, set(), state.refused)
    [files] = read_batches([bench.inbox], workspace)
    waiting, landed = iter(files), []
    while part := land(waiting, Stated(), workspace, state, memory, is_inbox=False):
        landed.append([one.capture_id for one in part[0]])
    state.flush()
    state.close()
    assert [len(part) for part in landed] == [1, 1, 1, 1]
    again = reread(workspace.landing.captures(), Workspace.open(bench.home))
    assert [len(part) for part in again] == [1, 1, 1, 1]


def test_a_packed_body_is_weighed_as_it_is_unpacked() -> None:
    body = LINE % 1_000 + b"0\n" * ENTRIES
    assert recognise(gzip.compress(body)).size == len(body)


def test_xml_of_many_names_long_texts_or_repeated_namespaces_is_refused() -> None:
    names = b"".join(b"<a%d/>" % number for number in range(11_000))
    with pytest.raises(MarkupError, match="names within one element"):
        children(read_xml(b"<feed>" + names + b"</feed>").root)
    long = read_xml(b"<a>" + b"ab " * LONGEST_TEXT + b"</a>").root
    with pytest.raises(MarkupError, match="text of more than"):
        text_of([long])
    many = b'<a xmlns="' + b"n" * 1_900 + b'">' + b"<b/>" * 27_000 + b"</a>"
    with pytest.raises(MarkupError, match="namespaces around many records"):
        records(read_xml(many).root, "b")


@pytest.mark.parametrize("read", [Reader.names, Reader.texts, Reader.categories])
def test_a_text_that_is_longer_than_any_list_of_names_is_not_parted(read) -> None:  # type: ignore[no-untyped-def]
    misfits: list[Misfit] = []
    reader = Reader(0, misfits)
    assert read(reader, "authors", "ab " * LONGEST_TEXT) is None
    assert read(reader, "authors", ["A B", "ab " * LONGEST_TEXT]) is None
    assert [misfit.rule for misfit in misfits] == ["too_long", "too_long"]


def test_a_table_of_millions_of_cells_is_refused_before_it_is_parted() -> None:
    assert say_excess_of_text(b"a\t" * 7_000_000) == "more than 6,000,000 cells"


def test_a_text_that_grows_when_it_is_normalised_stays_bounded() -> None:
    titles = pl.Series("title", ["\ufdfa" * 1_000, "\ufdfa", None, "ﬁne ½ title"] * 3)
    cleaned = clean_titles(titles).to_list()
    assert len(cleaned[0]) <= 4_200
    assert cleaned[1:4] == [
        unicodedata.normalize("NFKC", "\ufdfa"),
        None,
        "fine 1\u20442 title",
    ]
    assert cleaned[4:8] == cleaned[:4]


@pytest.mark.slow
def test_a_table_beside_much_that_nobody_reads_may_not_stand_for_gigabytes() -> None:
    rows = 200
    filler = [os.urandom(15_000) for _ in range(rows)]
    table = pl.DataFrame({"title": ["x" * 1_000_000] * rows, "filler": filler})
    packed = io.BytesIO()
    table.write_parquet(packed, use_pyarrow=True, pyarrow_options={"compression": "NONE"})
    body = packed.getvalue()
    with pytest.raises(ParquetError, match="more than"):
        list(read_rows(body, ["title"]))


def test_a_list_of_millions_of_values_in_one_row_of_a_table_is_refused() -> None:
    table = pl.DataFrame({"title": ["x"], "authors": [[None] * 7_000_000]})
    packed = io.BytesIO()
    table.cast({"authors": pl.List(pl.Boolean)}).write_parquet(packed)
    assert len(packed.getvalue()) < 1_000_000
    with pytest.raises(ParquetError, match="more than 6,000,000 values"):
        list(read_rows(packed.getvalue(), ["title", "authors"]))
    assert list(read_rows(packed.getvalue(), ["title"])) == [{"title": "x"}]
