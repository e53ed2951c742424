"""The browser of this machine, driven by Playwright; none is downloaded."""

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_browser() -> str | None:
    """Return the path of a browser of the Chromium family; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def launch(started: "Playwright", path: str) -> "Browser":
    """Start it without a window."""
    # as root there is no sandbox; the pages are our own
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    return started.chromium.launch(executable_path=path, args=flags)
