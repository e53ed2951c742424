"""Pages of Great Expectations without what they load from other hosts, and without scripts."""

import re
from html import escape
from html.parser import HTMLParser

from warehouse.visible import visible

STYLE = """
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
td, th { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top }
"""
"""What the pages look like instead."""

_ICONS = {"fa-times": "✗", "fa-check": "✓", "fa-exclamation": "!"}
_DROPPED = ("script", "style", "footer", "iframe", "object", "button", "label")
_LOADING = ("link", "img", "embed", "source", "base", "input")
_ATTRIBUTES = (
    "class",
    "href",
    "id",
    "lang",
    "charset",
    "name",
    "content",
    "colspan",
    "rowspan",
    "hidden",
)
_CONTROLS = (
    "Actions",
    "Validation Filter:",
    "Show more info...",
    "To retrieve all unexpected values...",
)
"""Texts of controls that do nothing without scripts."""


def make_offline(page: str) -> str:
    """Return a page that loads nothing and runs nothing: scripts, styles, images, fonts go."""
    parser = _Offline()
    parser.feed(page)
    parser.close()
    return visible(re.sub(r"\n\s*\n+", "\n", "".join(parser.kept)))


class _Offline(HTMLParser):
    """Writes a page again, with only those tags and attributes that neither load nor run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self._dropping: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropping:
            return
        if tag in _DROPPED:
            self._dropping = tag
        elif tag == "img":
            self.kept.append(escape(dict(attrs).get("alt") or ""))
        elif tag not in _LOADING:
            self.kept.append(f"<{tag}{_keep_attributes(attrs)}>{_read_icon(attrs)}")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._dropping:
            self._dropping = None if tag == self._dropping else self._dropping
        elif tag not in _LOADING:
            style = f"<style>{STYLE}</style>" if tag == "head" else ""
            self.kept.append(f"{style}</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._dropping and data.strip() not in _CONTROLS:
            self.kept.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.kept.append(f"<!{decl}>")


def _keep_attributes(attributes: list[tuple[str, str | None]]) -> str:
    kept = [
        f'{name}="{escape(value or "")}"'
        for name, value in attributes
        if name in _ATTRIBUTES and not re.match(r"\s*(javascript|data):", value or "", re.I)
    ]
    return "".join(f" {attribute}" for attribute in kept)


def _read_icon(attributes: list[tuple[str, str | None]]) -> str:
    classes = dict(attributes).get("class") or ""
    return next((sign for name, sign in _ICONS.items() if name in classes), "")
