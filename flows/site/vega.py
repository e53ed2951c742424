"""Vega to SVG, by another process where there is much to draw: the library holds Python's lock.

Run as a program it reads a chart a line, as JSON, and writes its drawing as a line of JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import IO, Final

_FEW: Final = 12
"""So many are not worth a process."""
_MANY: Final = 40
"""So many left are worth it that this process, too, loads what draws them."""


class Drawings:
    """Charts in the language of Vega, as JSON, that are drawn while this process does other work.

    Where there is one processor, or little to draw, this process draws them in the end.
    """

    def __init__(self, charts: Sequence[str]) -> None:
        """Begin to draw."""
        self._charts = charts
        self._drawn = TemporaryFile()  # noqa: SIM115 - open as long as this
        is_much = len(charts) >= _FEW and _is_for_two()
        self._process = _begin(charts, self._drawn) if is_much else None

    def result(self) -> list[str]:
        """Return the drawing, an SVG, of each chart; where many are left, this process helps.

        Raises:
            ValueError: a chart is none.
        """
        last = self._help()
        by_other = self._read()[: len(self._charts) - len(last)]
        # whatever ended the other process does not matter: this one can do the rest
        rest = self._charts[len(by_other) : len(self._charts) - len(last)]
        return [*by_other, *map(_draw, rest), *reversed(last)]

    def close(self) -> None:
        """End the drawing, wherever it is."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._drawn.close()

    def _help(self) -> list[str]:
        """Draw from the end on until the other process is met; return the last chart first."""
        last: list[str] = []
        if self._process is None:
            return last
        if len(self._charts) - len(self._lines()) >= _MANY:
            while len(self._lines()) + len(last) < len(self._charts):
                if self._process.poll() is not None:
                    break
                last.append(_draw(self._charts[-1 - len(last)]))
            self._process.kill()
        self._process.wait()
        return last

    def _read(self) -> list[str]:
        """Return what the other process has drawn."""
        try:
            drawn = [json.loads(line) for line in self._lines()]
        except ValueError:
            return []
        return drawn if all(isinstance(one, str) for one in drawn) else []

    def _lines(self) -> list[bytes]:
        # by place: the other process writes where this file stands
        text = os.pread(self._drawn.fileno(), os.fstat(self._drawn.fileno()).st_size, 0)
        return text.splitlines() if text.endswith(b"\n") else text.splitlines()[:-1]


def _begin(charts: Sequence[str], drawn: IO[bytes]) -> subprocess.Popen[bytes]:
    with TemporaryFile() as given:
        given.write("\n".join(charts).encode())
        given.seek(0)
        # without the folder of this file, whose modules have names that others have too
        command = [sys.executable, "-P", __file__]
        return subprocess.Popen(  # noqa: S603 - this file
            command, stdin=given, stdout=drawn, stderr=subprocess.DEVNULL
        )


def _is_for_two() -> bool:
    # this file is run by itself, too, and then finds no other one
    from flows.processors import count_processors

    return count_processors() > 1


def _draw(chart: str) -> str:
    # most builds draw nothing anew
    import vl_convert

    return vl_convert.vega_to_svg(chart)


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_draw(line)), flush=True)  # noqa: T201 - what the other process reads
