"""Ctrl-C while a query is answered: the process ends at once, and leaves no half-written file."""

import subprocess
import sys
from pathlib import Path

_CHECKOUT = Path(__file__).parents[3]
_ENDLESS = """
import os, signal, sys, threading, time
from pathlib import Path
from flows.cli.interruptible import run_interruptibly

class Endless:
    def interrupt(self):
        pass

def work():
    Path(sys.argv[1]).write_text("half of it")
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)

run_interruptibly(Endless(), work, Path(sys.argv[1]))
"""


def test_ctrl_c_removes_what_was_being_written_also_where_the_query_goes_on(tmp_path: Path) -> None:
    half = tmp_path / ".answer.parquet.1.tmp"
    ended = subprocess.run(
        [sys.executable, "-c", _ENDLESS, str(half)],
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (130, "paperstrata: stopped\n")
    assert not half.exists()
