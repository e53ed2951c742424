"""The file context of Great Expectations for one judgement, and its Data Docs without network."""

import logging
import re
import shutil
from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

_SITE = "data_docs"
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
td, th { border: 1px solid #8886; padding: .3rem .6rem; text-align: left; vertical-align: top }
:root { color-scheme: light dark }
"""


class Context:
    """A context in a folder of its own, beside the place of the Data Docs; removed in the end."""

    def __init__(self, reports: Path) -> None:
        """Make the folder and the context; quiet, and without telemetry."""
        reports.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(reports)
        self._target = reports / _SITE
        self._folder = Path(mkdtemp(dir=reports, prefix=".judging-"))
        self._folder.chmod(0o755)
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        self._context = gx.get_context(mode="file", project_root_dir=str(self._folder))
        self._context.enable_analytics(False)
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self._source = self._context.data_sources.add_pandas("warehouse")

    def validate(self, name: str, frame: pd.DataFrame, expectations: Sequence[Any]) -> Any:
        """Judge a frame; the result names every failing row by its index."""
        asset = self._source.add_dataframe_asset(name)
        definition = gx.ValidationDefinition(
            name=name,
            data=asset.add_batch_definition_whole_dataframe("frame"),
            suite=self._context.suites.add(
                gx.ExpectationSuite(name=name, expectations=list(expectations))
            ),
        )
        return self._context.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": frame}, result_format={"result_format": "COMPLETE"}
        )

    def build_docs(self) -> Path:
        """Write the Data Docs of what was judged, put them in place, return their first page."""
        site = self._folder / _SITE
        for name in list(self._context.get_site_names()):
            self._context.delete_data_docs_site(name)
        self._context.add_data_docs_site(
            site_name=_SITE,
            site_config={
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(site),
                },
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            },
        )
        self._context.build_data_docs(site_names=[_SITE])
        shutil.rmtree(site / "static", ignore_errors=True)
        for page in site.rglob("*.html"):
            page.write_text(make_offline(page.read_text(encoding="utf-8")), encoding="utf-8")
        _put_in_place(site, self._target)
        return self._target / "index.html"

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)


def make_offline(page: str) -> str:
    """Return a page that loads nothing and runs nothing: no scripts, style sheets, images, fonts."""
    parser = _Offline()
    parser.feed(page)
    parser.close()
    return "".join(parser.kept)


class _Offline(HTMLParser):
    """Writes a page again as it was, but for what would be loaded or run."""

    _DROPPED = ("script", "footer", "iframe", "object")
    _LOADING = ("link", "img", "embed", "source", "base")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self._dropping: str | None = None
        self._is_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._dropping:
            return
        if tag in self._DROPPED:
            self._dropping = tag
        elif tag == "img":
            self.kept.append(escape(dict(attrs).get("alt") or ""))
        elif tag not in self._LOADING:
            self._is_style = tag == "style"
            self.kept.append(f"<{tag}{_attributes(attrs)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._dropping:
            self._dropping = None if tag == self._dropping else self._dropping
            return
        if tag == "head":
            self.kept.append(f"<style>{_STYLE}</style>")
        self._is_style = False
        if tag not in self._LOADING:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        # what GE's own sheets style is not there any more, and they name images of other hosts
        if not self._dropping and not self._is_style:
            self.kept.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_decl(self, decl: str) -> None:
        self.kept.append(f"<!{decl}>")


def _attributes(attributes: list[tuple[str, str | None]]) -> str:
    kept = [
        name if value is None else f'{name}="{escape(value)}"'
        for name, value in attributes
        if not name.startswith("on") and name not in ("style", "src", "srcset", "background")
        and not re.match(r"\s*(javascript|data):", value or "", re.IGNORECASE)
    ]
    return "".join(f" {attribute}" for attribute in kept)


def _put_in_place(site: Path, target: Path) -> None:
    """Put a folder where another may stand, and another process may be doing the same."""
    old = site.with_name("old")
    for _ in range(10):
        if target.exists():
            target.rename(old)
            shutil.rmtree(old)
        try:
            site.rename(target)
        except OSError:
            continue
        return
    raise OSError(f"{target} is being written by others")


def _remove_leftovers(reports: Path) -> None:
    """Remove the folders of killed runs: those a day older than the newest."""
    folders = {folder: folder.stat().st_mtime for folder in reports.glob(".judging-*")}
    for folder, changed in folders.items():
        if changed < max(folders.values()) - 86_400:
            shutil.rmtree(folder, ignore_errors=True)
