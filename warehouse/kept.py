"""Two files in turn: the one published before last is the next work file, and nothing is copied.

A run publishes by a rename; the file that was published until then keeps a second name, ``kept``.
The next run takes that file as its work file, brings in what the published one holds beyond it, and
goes on as upon a copy. Where it cannot be used, it is removed, and a copy is made.

Who opened the published file reads on in the file that he opened, whatever is published since. So
a kept file that anybody still has open must not be written. The kernel tells, by a lease for
writing: it grants one on a file that nobody else has open, in this process or another one. The
locks of DuckDB would not do: other programs that read the file, such as one that makes a backup,
take none, and a reader in the process of the writer does not stop it. Where the kernel grants no
leases (other systems than Linux, network file systems) a copy is made.
"""

import fcntl
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import duckdb

from warehouse.engine import quoted
from warehouse.files import remove, sync_folder
from warehouse.load import CAPTURE_TABLES
from warehouse.migrate import is_up_to_date, read_sql_file
from warehouse.publish import remove_work

LEAST_BYTES = 64 << 20
"""Of a smaller file a copy costs less than to catch up."""
_TREND_TABLES = (
    "trend_list",
    "topic_burst",
    "topic_baseline",
    "topic_trend",
    "topic_alarm",
    "topic_curve",
)
"""What a search for trends found, which is not repeated where its input is the same."""


def keep(published: Path, kept: Path) -> None:
    """Give the published file a second name, before another one is renamed over it.

    Where the file system has no hard links, or the kernel no leases, nothing is kept, and the next
    run makes a copy.
    """
    with suppress(OSError):
        remove(kept)
        if sys.platform == "linux" and published.stat().st_size >= LEAST_BYTES:
            kept.hardlink_to(published)


def take(kept: Path, work: Path) -> bool:
    """Rename the kept file to the work file; tell whether there is one, and may be written.

    It may not where it has another name, as a backup by hard links or the published file itself
    would be, and where anybody has it open: then it is removed. After a power failure it must not
    stand under a name under which it is taken for whole, so that the rename is durable on return.
    """
    try:
        remove_work(work)
        work.parent.mkdir(exist_ok=True)
        kept.rename(work)
        if not _is_free(work):
            remove(work)
            return False
        work.chmod(0o644)
        sync_folder(work.parent)
        sync_folder(kept.parent)
    except OSError:
        return False
    return True


def _is_free(path: Path) -> bool:
    """Tell whether a file has no other name and nobody has it open.

    To be asked when nobody can open it any more by the name that it had.
    """
    if path.is_symlink() or not path.is_file() or path.stat().st_nlink != 1:
        return False
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        return _has_lease(descriptor)
    finally:
        os.close(descriptor)


def _has_lease(descriptor: int) -> bool:
    """Tell whether the kernel grants a lease for writing, and give it back."""
    if sys.platform != "linux":
        return False
    try:
        # who opens the file meanwhile has this signal sent to us, which is ignored unless asked for
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError:
        return False
    return True


def catch_up(work: duckdb.DuckDBPyConnection, published: Path) -> bool:
    """Bring into a work file, in which a load has begun, what the published file holds beyond it;
    tell whether that could be done. The keys that this touches are derived with those of the run.

    Where it returns False the work file is of no use: it is damaged, or no earlier state of the
    published file.
    """
    try:
        work.execute("commit")
        work.execute(f"attach '{quoted(published)}' as published (read_only)")
        try:
            work.execute("begin")
            is_done = is_up_to_date(work) and _catch_up(work)
            work.execute("commit")
        finally:
            work.execute("detach published")
        work.execute("begin")
    except duckdb.InterruptException:
        raise
    except duckdb.Error:
        return False
    return is_done


def _catch_up(work: duckdb.DuckDBPyConnection) -> bool:
    work.execute(read_sql_file("loading/find_lacking"))
    if work.execute(read_sql_file("loading/is_earlier_state")).fetchall() != [(True,)]:
        return False
    replaced = "select capture_id from raw.capture semi join caught_up_capture using (capture_id)"
    if work.execute(f"{replaced} limit 1").fetchall():
        work.execute(f"create temp view incoming as {replaced}")
        work.execute(read_sql_file("loading/remember_gone"))
        for table in CAPTURE_TABLES:
            work.execute(f"delete from raw.{table} where capture_id in (from incoming)")
        work.execute("drop view incoming")
    work.execute(read_sql_file("loading/catch_up"))
    # what the published file dropped: left here, a text that this run shows again would bear an old
    # run, and the next run, upon the file in which it is dropped, would not miss it
    if work.execute("select 1 from gone_content limit 1").fetchall():
        work.execute(read_sql_file("loading/drop_orphans"))
    _copy_failed_looks(work)
    _copy_trends(work)
    return True


def _copy_failed_looks(work: duckdb.DuckDBPyConnection) -> None:
    """Copy the failed looks, whose pack may be lost since; a run that writes any writes all."""
    written = "select run_id, count(*) from {}raw.failed_look group by run_id"
    here, there = written.format(""), written.format("published.")
    if work.execute(f"({here} except {there}) union all ({there} except {here})").fetchall():
        work.execute("delete from raw.failed_look")
        work.execute("insert into raw.failed_look by name from published.raw.failed_look")


def _copy_trends(work: duckdb.DuckDBPyConnection) -> None:
    searched = "select feed_id, grain, stretch, input_digest from {}mart.trend_list"
    here, there = searched.format(""), searched.format("published.")
    if work.execute(f"({here} except {there}) union all ({there} except {here})").fetchall():
        for table in _TREND_TABLES:
            work.execute(f"delete from mart.{table}")
            work.execute(f"insert into mart.{table} by name from published.mart.{table}")
        work.execute("set variable trends_are_new = true")
