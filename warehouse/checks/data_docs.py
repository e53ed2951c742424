"""The context of Great Expectations for one run of checks, and its Data Docs."""

import logging
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.render.renderer.site_builder import SiteBuilder
from great_expectations.render.view import DefaultJinjaPageView
from markupsafe import Markup

from warehouse.checks.offline import STYLE, make_offline
from warehouse.report.compiled import compiled_templates
from warehouse.report.marks import mark_bytes
from warehouse.report.rendering import render

_SITE = "data_docs"


class PageView(DefaultJinjaPageView):  # type: ignore[misc]  # it ships no types
    """Writes pages by templates as they were compiled before."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """See ``DefaultJinjaPageView``, which makes its environment itself."""
        super().__init__(*arguments, **options)
        self.env.bytecode_cache = compiled_templates()


class Context:
    """A context in memory, and a folder beside the place of the Data Docs; removed in the end.

    A context with files writes its whole configuration at every change, which took half of the time
    of a run of checks.
    """

    def __init__(self, reports: Path) -> None:
        """Make the folder and the context; quiet, and without telemetry."""
        reports.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(reports)
        self._target = reports / _SITE
        self._folder = Path(mkdtemp(dir=reports, prefix=".judging-"))
        logging.getLogger("great_expectations").setLevel(logging.ERROR)
        self._context = gx.get_context(mode="ephemeral")
        self._context.enable_analytics(False)
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False)
        frames = self._context.data_sources.add_pandas("warehouse").add_dataframe_asset("frames")
        self._frame = frames.add_batch_definition_whole_dataframe("frame")

    def validate(
        self, name: str, frame: pd.DataFrame, expectations: Sequence[Any], keys: Sequence[str]
    ) -> Any:
        """Judge a frame; the result names every failing row by the values of its keys."""
        definition = gx.ValidationDefinition(
            name=name,
            data=self._frame,
            suite=self._context.suites.add(
                gx.ExpectationSuite(name=name, expectations=list(expectations))
            ),
        )
        return self._context.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": frame},
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": list(keys),
            },
        )

    def build_docs(self, results: Iterable[Mapping[str, Any]]) -> None:
        """Write the Data Docs of what was checked, and put them in place of those of the last run.

        Their own first page, filled by scripts of other hosts, is left out; ours lists the results.

        Raises:
            OSError: a page cannot be written, as on a full disk; those of the last run stay.
        """
        site = self._folder / _SITE
        for name in list(self._context.get_site_names()):
            self._context.delete_data_docs_site(name)
        self._context.add_data_docs_site(site_name=_SITE, site_config=_site_config(site))
        with _raising_what_is_logged():
            self._context.build_data_docs(site_names=[_SITE], build_index=False)
        shutil.rmtree(site / "static", ignore_errors=True)
        for page in site.rglob("*.html"):
            _write(page, make_offline(page.read_text(encoding="utf-8")))
        _write(site / "index.html", _write_index(site, results))
        _put_in_place(site, self._target)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)


class _Caught(logging.Handler):
    """Keeps the errors that are logged where they were caught."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.errors: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - a handler
        error = sys.exc_info()[1]
        if error is not None:
            self.errors.append(error)


@contextmanager
def _raising_what_is_logged() -> Iterator[None]:
    """Raise the first error of writing a page, which Great Expectations logs and passes over."""
    logger, caught = logging.getLogger(SiteBuilder.__module__), _Caught()
    propagates, logger.propagate = logger.propagate, False
    logger.addHandler(caught)
    try:
        yield
    finally:
        logger.removeHandler(caught)
        logger.propagate = propagates
    if caught.errors:
        raise caught.errors[0]


def _site_config(site: Path) -> dict[str, Any]:
    view = {"module_name": __name__, "class_name": PageView.__name__}
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {
            "class_name": "TupleFilesystemStoreBackend",
            # it puts the environment in the place of $NAME
            "base_directory": str(site).replace("$", r"\$"),
        },
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "site_section_builders": {name: {"view": view} for name in ("expectations", "validations")},
    }


@dataclass(frozen=True)
class _Checked:
    """A row of the first page; ``page`` is where Great Expectations says more, if it does."""

    check_id: str
    state: str
    expected: str
    page: str | None


def _write_index(site: Path, results: Iterable[Mapping[str, Any]]) -> str:
    rows = []
    for result in results:
        name = result["check_id"]
        pages = sorted((site / "validations" / name).rglob("*.html"))
        page = pages[-1].relative_to(site).as_posix() if pages else None
        rows.append(_Checked(name, result["state"], result["expected"], page))
    return render("data_docs_index.html.j2", style=Markup(STYLE), rows=rows)  # noqa: S704 - ours


def _write(path: Path, page: str) -> None:
    path.write_bytes(mark_bytes(page.encode()))


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
