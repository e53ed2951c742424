"""Long lists on a terminal go through a pager; in a pipe they are printed as they are."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO


class _Screen(StringIO):
    """What will be shown on a terminal."""

    def isatty(self) -> bool:
        return True


@contextmanager
def paged(*, is_wide: bool = False) -> Iterator[None]:
    """Show what is printed on a terminal by a pager, if it is longer than the screen.

    PAGER names one; without it, it is ``less``. ``is_wide`` lines are not folded.
    """
    if not (sys.stdout.isatty() and sys.stdin and sys.stdin.isatty()):
        yield
        return
    screen = _Screen()
    try:
        with redirect_stdout(screen):
            yield
    finally:
        _show(screen.getvalue(), is_wide=is_wide)


def _show(text: str, *, is_wide: bool) -> None:
    width, height = shutil.get_terminal_size()
    if text.count("\n") < height and not (is_wide and _is_wider(text, width)):
        sys.stdout.write(text)
        return
    import click

    os.environ.setdefault("LESS", "-FRSX" if is_wide else "-FRX")
    click.echo_via_pager(text, color=True)


def _is_wider(text: str, width: int) -> bool:
    return any(len(line) > width for line in text.splitlines())
