"""Vega to SVG, with a second process where there is much to draw: the library holds Python's lock.

Run as a program it reads a chart a line, as JSON, and writes its drawing as a line of JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Final

_FEW: Final = 12
"""To start a process takes as long as to draw so many."""
_OWN_SHARE: Final = 0.6
"""What this process draws while the other one starts, and then."""


def draw_all(charts: Sequence[str]) -> list[str]:
    """Return the drawing, an SVG, of each chart in the language of Vega, as JSON.

    Raises:
        ValueError: a chart is none.
    """
    is_shared = len(charts) >= _FEW and _count_processors() > 1
    own = int(len(charts) * _OWN_SHARE) if is_shared else len(charts)
    with TemporaryFile() as drawn:
        with _drawing(charts[own:], drawn):
            mine = [_draw(chart) for chart in charts[:own]]
        drawn.seek(0)
        others = _read(drawn)
    if len(others) != len(charts) - own:
        # whatever ended the other process does not matter: this one can do it
        others = [_draw(chart) for chart in charts[own:]]
    return mine + others


@contextmanager
def _drawing(charts: Sequence[str], drawn: IO[bytes]) -> Iterator[None]:
    """Let another process draw while the block lasts, and wait for it at its end."""
    if not charts:
        yield
        return
    with TemporaryFile() as given:
        given.write("\n".join(charts).encode())
        given.seek(0)
        # without the folder of this file, whose modules have names that others have too
        command = [sys.executable, "-P", __file__]
        process = subprocess.Popen(  # noqa: S603 - this file
            command, stdin=given, stdout=drawn, stderr=subprocess.DEVNULL
        )
        try:
            yield
            process.wait()
        finally:
            process.kill()
            process.wait()


def _draw(chart: str) -> str:
    # most builds draw nothing anew
    import vl_convert

    return vl_convert.vega_to_svg(chart)


def _read(drawn: IO[bytes]) -> list[str]:
    try:
        return [json.loads(line) for line in drawn]
    except ValueError:
        return []


def _count_processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_draw(line)))  # noqa: T201 - what the other process reads
