"""Questions to the published warehouse: answered in every format, harmless in every way."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.flows.captures import DAY, LOOK_TIME, Bench, api_page

FORMATS = ("table", "csv", "json", "ndjson", "parquet")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Return a home with three papers in it."""
    with pytest.MonkeyPatch.context() as patch:
        made = Bench(tmp_path_factory.mktemp("sql"), patch)
        made.put(api_page(3), f"here/{DAY}/{LOOK_TIME}.json")
        assert made.ingest().code == 0
        (made.inbox / "other.csv").write_text("secret\n")
        patch.setenv("PAPERSTRATA_SECRET", "open sesame")
        patch.chdir(made.inbox)
        yield made


def contents(*folders: Path) -> dict[str, str]:
    """Return the hash of every file below folders, but for the log of our own errors."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and path.name != "errors.log"
    }


CHANGING = """
drop table core.paper
drop schema core cascade
drop view mart.paper
delete from raw.entry
truncate raw.entry
insert into core.paper select * from core.paper
update core.paper set title = 'x'
merge into core.paper using (select 1 as i) as o on o.i = 1 when matched then delete
create table t (i int)
create temp table t (i int)
create table memory.main.t (i int)
create temp view v as select 1
create or replace temp macro f() as 1
create schema s
create sequence s
create type e as enum ('a')
create secret (type s3)
create index i on core.paper (title)
alter table core.paper rename to p
comment on table core.paper is 'x'
attach ':memory:' as m
attach 'new.duckdb' as m
detach warehouse
copy core.paper to 'out.csv'
copy (select 1) to 'out.parquet' (format parquet)
copy (select 1) to '/dev/stdout'
copy core.paper from 'other.csv'
copy from database warehouse to memory
export database 'out'
import database 'out'
install httpfs
force install httpfs
load httpfs
load './evil.duckdb_extension'
set memory_limit = '10GB'
set enable_external_access = true
set global enable_external_access = true
set lock_configuration = false
set variable x = 1
reset memory_limit
reset lock_configuration
pragma database_size
pragma enable_profiling
pragma table_info('core.paper')
call pragma_version()
call enable_logging()
use memory
vacuum
analyze
checkpoint
force checkpoint
begin
commit
prepare p as select 1
execute p
deallocate p
explain analyze delete from raw.entry
explain analyze copy (select 1) to 'out.csv'
explain analyze create table t (i int)
with gone as (delete from core.paper returning *) select * from gone
select * from query('drop table core.paper')
select 1; select 2
select 1; drop table core.paper
drop table core.paper; select 1
""".strip().splitlines()


@pytest.mark.parametrize("query", CHANGING)
def test_what_is_no_single_reading_statement_is_refused_and_changes_nothing(
    bench: Bench, query: str
) -> None:
    before = contents(bench.home, bench.inbox)
    ending = bench.run("sql", query)
    assert (ending.code, ending.out) == (2, "")
    assert ending.err.startswith("paperstrata: ")
    assert contents(bench.home, bench.inbox) == before


REACHING = """
from '/etc/passwd'
from 'other.csv'
from 'other.cs*'
select * from read_text('/etc/passwd')
select * from read_blob('other.csv')
select * from read_csv('other.csv')
select * from read_csv_auto('other.csv')
select * from read_csv(['other.csv', '/etc/passwd'])
select * from read_csv('https://example.org/other.csv')
select * from read_parquet('other.csv')
select * from read_json('other.csv')
select * from read_json_objects('other.csv')
select * from read_ndjson_objects('other.csv')
select * from parquet_metadata('other.csv')
select * from parquet_schema('other.csv')
select * from sniff_csv('other.csv')
select * from glob('*')
select * from glob('/etc/*')
select * from query_table('/etc/passwd')
select * from query('from ''other.csv''')
from json_execute_serialized_sql(json_serialize_sql('from read_text(''other.csv'')'))
select (select content from read_text('other.csv'))
select getenv('PAPERSTRATA_SECRET')
select * from duckdb_secrets()
select * from contents
select * from bench
""".strip().splitlines()


@pytest.mark.parametrize("query", REACHING)
def test_no_query_reaches_a_file_the_environment_or_our_memory(bench: Bench, query: str) -> None:
    ending = bench.run("sql", query)
    assert (ending.code, ending.out) == (2, "")
    for secret in ("secret\n", "root:", "open sesame"):
        assert secret not in ending.err


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "query", ["drop table core.paper", "from 'other.csv'", "selec 1", "select x"]
)
def test_a_refused_query_writes_no_output_file(bench: Bench, query: str, form: str) -> None:
    output = bench.inbox / "refused.out"
    assert bench.run("sql", query, "--format", form, "--output", output).code == 2
    assert not output.exists()


@pytest.mark.parametrize(
    "query", ["", " ", ";", "/* nothing */", "selec 1", "select * from nowhere"]
)
def test_what_is_no_query_is_told(bench: Bench, query: str) -> None:
    ending = bench.run("sql", query)
    assert (ending.code, ending.out) == (2, "")
    assert ending.err.startswith("paperstrata: ")


@pytest.mark.parametrize(
    "query",
    [
        "select 1",
        "select 1;",
        "/* why */ select 1",
        "with one as (select 1) select * from one",
        "from core.paper select title limit 1",
        "table core.paper",
        "values (1)",
        "describe core.paper",
        "summarize core.paper",
        "explain select 1",
        "select * from mart.paper",
    ],
)
def test_every_way_to_read_is_answered(bench: Bench, query: str) -> None:
    ending = bench.run("sql", query)
    assert (ending.code, ending.err) == (0, "")
    assert ending.out


QUESTION = "select title, votes, published_date from mart.paper order by votes limit 2"
ANSWER = [
    {"title": "Sorting Pebbles with Recurrent Buckets", "votes": 2, "published_date": "2025-06-18"},
    {"title": "A Field Guide to Quiet Gradients", "votes": 3, "published_date": "2025-06-18"},
]


def read_back(form: str, text: str, path: Path) -> list[dict[str, object]]:
    """Return the rows of an answer in one of the formats, with numbers and dates as text."""
    if form == "json":
        return json.loads(text)
    if form == "ndjson":
        return [json.loads(line) for line in text.splitlines()]
    if form == "parquet":
        return pl.read_parquet(path).with_columns(pl.col("published_date").cast(str)).to_dicts()
    delimiter = "," if form == "csv" else "\t"
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter)
    return [{**row, "votes": int(row["votes"])} for row in rows]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_says_the_same_on_the_screen_and_in_a_file(bench: Bench, form: str) -> None:
    output = bench.inbox / f"answer.{form}"
    ending = bench.run("sql", QUESTION, "--format", form, "--output", output)
    assert (ending.code, ending.out, ending.err) == (0, "", "")
    text = "" if form == "parquet" else output.read_text()
    assert read_back(form, text, output) == ANSWER
    if form != "parquet":
        assert bench.run("sql", QUESTION, "--format", form).out == text


def test_a_file_whose_name_ends_as_a_format_is_written_in_it(bench: Bench) -> None:
    begins = {"a.parquet": b"PAR1", "a.JSON": b"[", "a.tsv": b"title\t", "a": b"title\t"}
    for name, begin in begins.items():
        output = bench.inbox / name
        assert bench.run("sql", QUESTION, "--output", output).code == 0
        assert output.read_bytes().startswith(begin)
    output = bench.inbox / "b.parquet"
    assert bench.run("sql", QUESTION, "--format", "csv", "--output", output).code == 0
    assert output.read_bytes().startswith(b"title,votes")


def test_a_table_is_the_default_and_json_has_a_short_flag(bench: Bench) -> None:
    assert bench.run("sql", QUESTION).out == bench.run("sql", QUESTION, "--format", "table").out
    assert json.loads(bench.run("sql", QUESTION, "--json").out) == ANSWER


@pytest.mark.parametrize(
    "form, text", [("json", "[]\n"), ("ndjson", ""), ("csv", "a\n"), ("table", "a\n")]
)
def test_an_answer_without_rows_is_an_answer(bench: Bench, form: str, text: str) -> None:
    ending = bench.run("sql", "select 1 as a where false", "--format", form)
    assert (ending.code, ending.out) == (0, text)


def test_null_and_text_that_would_break_a_line_come_back_as_they_were(bench: Bench) -> None:
    query = "select null as a, e'x\\ny,\"z\"\\t' as b, 'é 論文' as c"
    (row,) = json.loads(bench.run("sql", query, "--json").out)
    assert row == {"a": None, "b": 'x\ny,"z"\t', "c": "é 論文"}
    (row,) = csv.DictReader(io.StringIO(bench.run("sql", query, "--format", "csv").out))
    assert row == {"a": "", "b": 'x\ny,"z"\t', "c": "é 論文"}
    assert len(bench.run("sql", query, "--format", "ndjson").out.splitlines()) == 1
    assert len(bench.run("sql", query).out.splitlines()) == 2


def test_parquet_needs_a_file_and_a_format_must_be_one_of_five(bench: Bench) -> None:
    assert bench.run("sql", "select 1", "--format", "parquet").code == 2
    assert bench.run("sql", "select 1", "--format", "xml").code == 2
    assert bench.run("sql", "select 1", "--output", bench.inbox).code == 2


def test_updating_extensions_is_refused_like_the_others(bench: Bench) -> None:
    assert bench.run("sql", "update extensions").code == 2


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_numbers_that_json_does_not_know_are_written_so_that_anybody_can_read(
    bench: Bench, value: str
) -> None:
    text = bench.run("sql", f"select '{value}'::double as x", "--json").out

    def refuse(name: str) -> float:
        raise AssertionError(name)

    json.loads(text, parse_constant=refuse)


def test_columns_of_one_name_are_all_written_or_refused(bench: Bench) -> None:
    ending = bench.run("sql", "select 1 as a, 2 as a", "--json")
    assert ending.code == 2 or len(json.loads(ending.out)[0]) == 2


@pytest.mark.parametrize(
    "query, form",
    [("select map {date '2025-01-01': 1} as m", "json"), ("select interval 1 day as i", "parquet")],
)
def test_an_answer_that_a_format_cannot_hold_is_written_or_told(
    bench: Bench, query: str, form: str
) -> None:
    ending = bench.run("sql", query, "--format", form, "--output", bench.inbox / "odd.out")
    assert ending.code in (0, 2)


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_output_that_cannot_be_written_is_told(bench: Bench, form: str) -> None:
    output = bench.inbox / "nowhere" / "x"
    assert bench.run("sql", "select 1", "--format", form, "--output", output).code == 2


def test_the_output_is_never_the_warehouse_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, monkeypatch)
    bench.put(api_page())
    bench.ingest()
    assert bench.run("sql", "select 1", "--output", bench.home / "warehouse.duckdb").code == 2
    assert bench.run("sql", "select 1").code == 0


def test_a_question_leaves_the_warehouse_as_it_is_and_closed(bench: Bench) -> None:
    before = contents(bench.home)
    names = sorted(bench.home.iterdir())
    assert bench.run("sql", "select count(*) from raw.entry order by 1").code == 0
    assert (contents(bench.home), sorted(bench.home.iterdir())) == (before, names)
    with duckdb.connect(str(bench.home / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select count(*) from core.paper").fetchall() == [(3,)]


@pytest.mark.parametrize(
    "query",
    [
        "show tables",
        "show all tables",
        "describe paper",
        "pivot core.paper on votes using count(*)",
        "from core.paper pivot (count(*) for votes in (2, 3))",
        "unpivot (select 1 as a, 2 as b) on a, b",
        "(select 1)",
    ],
)
def test_what_shows_and_turns_tables_is_answered(bench: Bench, query: str) -> None:
    ending = bench.run("sql", query)
    assert (ending.code, ending.err) == (0, "")
    assert len(ending.out.splitlines()) > 1


def test_a_query_comes_from_an_argument_a_file_or_standard_input(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = bench.inbox / "query.sql"
    query.write_text("-- a question\nselect 42 as x;\n")
    assert bench.run("sql", "--file", query).out == "x\n42\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("select 43 as x"))
    assert bench.run("sql").out == "x\n43\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("select 44 as x"))
    assert bench.run("sql", "-").out == "x\n44\n"
    assert bench.run("sql", "select 1", "--file", query).code == 2
    query.write_bytes(b"\xff\xfe\xfa")
    assert bench.run("sql", "--file", query).code == 2
    # as Python reads other bytes in the locale C
    monkeypatch.setattr("sys.stdin", io.StringIO("select '\udcff'"))
    assert bench.run("sql", "-").code == 2


def test_every_saved_query_is_answered_by_its_name(bench: Bench) -> None:
    queries = bench.run("sql", "--saved", "list", "--json").report["queries"]
    assert {"rising", "captures", "search"} <= {one["name"] for one in queries}
    for one in queries:
        params = [word for name in one["required"] for word in ("--param", f"{name}=gradients")]
        ending = bench.run("sql", "--saved", one["name"], *params)
        assert (ending.code, ending.err) == (0, ""), one["name"]
    found = bench.run("sql", "--saved", "search", "--param", "words=gradients", "--format", "csv")
    assert "A Field Guide to Quiet Gradients" in found.out
    assert "needs --param words=..." in bench.run("sql", "--saved", "search").err
    assert bench.run("sql", "--saved", "rising", "--param", "grane=month").code == 2
    assert bench.run("sql", "select 1", "--param", "x").code == 2


def test_a_parameter_is_a_value_and_never_sql(bench: Bench) -> None:
    ending = bench.run(
        "sql", "select $x as x, $y + 1 as y", "--param", "x=1; drop", "--param", "y=2"
    )
    assert ending.out == "x\ty\n1; drop\t3\n"


def test_lists_are_json_in_text_and_instants_are_iso_in_json(bench: Bench) -> None:
    query = "select ['a', null] as l, {'k': 1} as s, timestamp '2025-06-20 01:02:03' as t"
    (row,) = csv.DictReader(io.StringIO(bench.run("sql", query, "--format", "csv").out))
    assert (json.loads(row["l"]), json.loads(row["s"])) == (["a", None], {"k": 1})
    (row,) = json.loads(bench.run("sql", query, "--json").out)
    assert row["t"] == "2025-06-20T01:02:03"


def test_a_mistake_is_shown_in_the_line_that_has_it(bench: Bench) -> None:
    lines = bench.run("sql", "select *\nform mart.paper").err.splitlines()
    assert lines[0].startswith("paperstrata: Parser Error")
    assert lines[-2] == "LINE 2: form mart.paper"
    assert lines[-1].strip().startswith("^")
