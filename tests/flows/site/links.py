"""The links of a site, followed from file to file."""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import html


def dead_links(site: Path) -> Iterator[str]:
    """Yield the links and sources of pages that lead to no file, or to no place in it."""
    ids = {
        page.resolve(): set(html.parse(str(page)).getroot().xpath("//@id"))
        for page in site.rglob("*.html")
    }
    for page in site.rglob("*.html"):
        for link in html.parse(str(page)).getroot().xpath("//@href | //@src"):
            if re.match(r"[a-z]+:", link):
                continue
            path, _, place = link.partition("#")
            target = (page.parent / path).resolve() if path else page.resolve()
            if not target.is_file() or (place and place not in ids[target]):
                yield f"{page.relative_to(site)}: {link}"
