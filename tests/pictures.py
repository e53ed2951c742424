"""The pictures of the README, made of the demonstration: ``python -m tests.pictures``.

It needs a browser and half a minute, and writes to ``.github/pictures/``.
"""

import fcntl
import html
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from playwright.sync_api import sync_playwright

from flows.cli.main import run
from tests.flows.site.browsers import find_browser, launch

FOLDER = Path(__file__).parents[1] / ".github" / "pictures"
MOST_BYTES = 150_000
_COLUMNS = 100
_DAY = "2026-03-09"
"""The day of what the README quotes."""
_TERMINAL = """<!DOCTYPE html><meta charset="utf-8"><style>
body {{ margin: 0; background: #1b1f22 }}
pre {{ margin: 0; padding: 20px 24px; color: #e4e4de; font: 14px/1.4 "DejaVu Sans Mono", monospace;
  width: max-content }}
b {{ color: #7fd1b0; font-weight: 400 }}
</style><pre id="shown"><b>$ {command}</b>
{text}</pre>"""


def main() -> int:
    """Make both pictures; return 1 where there is no browser, or one is larger than it may be."""
    found = find_browser()
    if found is None:
        sys.stderr.write("no browser: apt-get install chromium\n")
        return 1
    os.environ["PAPERSTRATA_PUBLISH_SITE"] = "true"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        home = Path(folder) / "demo"
        if run(["--home", str(home), "demo", "--as-of", _DAY]):
            return 1
        browser = launch(started, found)
        page = browser.new_page(viewport={"width": 1000, "height": 760})
        page.goto((home / "site" / "index.html").as_uri())
        FOLDER.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(FOLDER / "page.png"))
        text = run_in_terminal("--home", str(home), "trends")
        shown = Path(folder) / "terminal.html"
        shown.write_text(
            _TERMINAL.format(command="paperstrata trends", text=html.escape(text)), encoding="utf-8"
        )
        page.goto(shown.as_uri())
        page.locator("#shown").screenshot(path=str(FOLDER / "terminal.png"))
        browser.close()
    sizes = {path.name: path.stat().st_size for path in FOLDER.glob("*.png")}
    sys.stdout.write("".join(f"{name}: {size:,} bytes\n" for name, size in sizes.items()))
    return int(any(size > MOST_BYTES for size in sizes.values()))


def run_in_terminal(*arguments: str) -> str:
    """Return what a command line shows in a terminal, without colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, _COLUMNS, 0, 0))
    command = [sys.executable, "-m", "flows.cli", *arguments]
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment):
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", shown.decode("utf-8"))


def _read(descriptor: int) -> bytes:
    """Return what was shown next; nothing at the end, which Linux tells as an error."""
    try:
        return os.read(descriptor, 1 << 16)
    except OSError:
        return b""


if __name__ == "__main__":
    sys.exit(main())
