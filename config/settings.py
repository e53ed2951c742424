"""Settings: what may differ between two homes. Read once, at the edge, and frozen."""

import io
import os
import tomllib
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

Count = Annotated[int, Field(lt=2**31)]
"""As large as the columns that hold it."""
Days = Annotated[int, Field(le=36_500)]
"""A hundred years: no reckoning with dates fails for it."""
_Bytes = Annotated[int, Field(gt=0, le=1 << 40)]

_PROJECT = "paperstrata"
_LEAST_MEMORY = 100_000_000
"""Bytes that DuckDB needs for a few papers and all checks."""
_MOST_BYTES = 4 << 20
"""Of one file; the longest of those shipped has 124 kB."""


class ConfigError(ValueError):
    """A configuration file cannot be used; the message names file and field."""


class Home(BaseModel):
    """The folders of one home: landing, journal and config are all that needs a backup."""

    model_config = ConfigDict(frozen=True)

    folder: Path

    @property
    def landing(self) -> Path:
        """Captures, failed fetches, refused files, decisions."""
        return self.folder / "landing"

    @property
    def journal(self) -> Path:
        """Runs, publications, checks."""
        return self.folder / "journal"

    @property
    def published(self) -> Path:
        """The warehouse that people query."""
        return self.folder / "warehouse.duckdb"

    @property
    def work(self) -> Path:
        """The file that a run works on."""
        return self.folder / "work" / "warehouse.duckdb"

    @property
    def kept(self) -> Path:
        """The file published before last, of a large warehouse: the next work file."""
        return self.folder / ".previous.duckdb"

    @property
    def reports(self) -> Path:
        """Quality reports."""
        return self.folder / "reports"

    @property
    def site(self) -> Path:
        """Static pages of what is published."""
        return self.folder / "site"

    @property
    def log(self) -> Path:
        """Tracebacks of errors of ours."""
        return self.folder / "errors.log"

    @property
    def run_log(self) -> Path:
        """One line per stage of every run, newest last."""
        return self.folder / "runs.log"

    @property
    def lock(self) -> Path:
        """Held by the one writer."""
        return self.folder / "lock"


class Quality(BaseModel):
    """What the quality checks take as usual; shares are 0..1."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    recent_days: Days = Field(gt=0)
    freshness_hours_warning: Count = Field(gt=0)
    missing_days_warning: Count = Field(ge=0)
    missing_share_warning: float = Field(ge=0, le=1)
    volume_deviations: float = Field(gt=0)
    judged_entries_least: Count = Field(ge=0)
    reject_share_warning: float = Field(ge=0, le=1)
    reject_share_critical: float = Field(ge=0, le=1)
    null_share_warning: float = Field(ge=0, le=1)
    null_abstract_share_critical: float = Field(ge=0, le=1)
    shortest_abstract: Count = Field(gt=0)
    short_abstract_share_warning: float = Field(ge=0, le=1)
    shortest_median_abstract: Count = Field(gt=0)
    longest_median_abstract: Count = Field(gt=0)
    lowest_median_votes: float = Field(ge=0)
    highest_median_votes: float = Field(ge=0)
    highest_votes: Count = Field(ge=0)
    votes_fall_least: Count = Field(gt=0)
    votes_fall_share_warning: float = Field(ge=0, le=1)
    review_share_warning: float = Field(ge=0, le=1)
    title_likeness_warning: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _ranges_are_no_holes(self) -> "Quality":
        if self.shortest_median_abstract > self.longest_median_abstract:
            raise ValueError("shortest_median_abstract is more than longest_median_abstract")
        if self.lowest_median_votes > self.highest_median_votes:
            raise ValueError("lowest_median_votes is more than highest_median_votes")
        return self


class Schedule(BaseModel):
    """What ``serve`` runs, what it does while another run writes, and when it fails."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str
    time_zone: str
    overlap: Literal["wait", "skip"]
    wait_seconds: Count = Field(ge=0)
    notify_command: list[str]


class Out(BaseModel):
    """What feeds and mails say of where they come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site_address: str = Field(pattern=r"^(https?://[^\s\"<>]+/)?$")
    """Where HOME/site is served, with a slash at the end; empty where it is not."""
    tag: str = Field(pattern=r"^[a-z0-9.@-]+,\d{4}(-\d\d(-\d\d)?)?$")
    """The authority and the date of the tag URIs (RFC 4151) that are the ids in feeds."""


def _is_enough(memory: str) -> str:
    """Refuse a limit under which not even a small home can be derived."""
    amount, unit = memory.rstrip("iB"), memory.rstrip("iB")[-1]
    if float(amount[:-1]) * 1000.0 ** ("KMGT".index(unit) + 1) < _LEAST_MEMORY:
        raise ValueError(f"{memory} is too little: the least is {_LEAST_MEMORY // 10**6}MB")
    return memory


class Settings(BaseModel):
    """Every setting, resolved."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    home: Home
    overlay: Path | None
    """The folder that PAPERSTRATA_CONFIG names; its files are laid over the shipped ones."""
    max_file_bytes: _Bytes
    batch_bytes: _Bytes
    capture_seconds: float = Field(ge=0.001, le=86_400)
    duckdb_memory: Annotated[
        str, Field(pattern=r"^\d{1,6}(\.\d+)? ?[KMGT]i?B$"), AfterValidator(_is_enough)
    ]
    duckdb_threads: int = Field(gt=0, le=256)
    lock_wait_seconds: Count = Field(ge=0)
    publish_site: bool
    """Whether a run that publishes writes the site; PAPERSTRATA_PUBLISH_SITE goes before it."""
    site_papers: Count = Field(ge=0)
    """Of more papers no run writes the site, but for an erasure."""
    schedule: Schedule
    quality: Quality
    out: Out
    prefect_api_url: str | None
    contact: str | None = Field(default=None, pattern=r"^[ -~]{0,200}$")
    """Who fetches, for the servers that we ask: a mail or web address."""
    fetch_tries: int = Field(default=5, ge=1, le=20)
    """How often an answer is asked for before the fetch has failed."""
    fetch_bytes: _Bytes = 1 << 28
    """How many bytes all pages of one fetch may have together."""
    fetch_seconds: float = Field(default=3600.0, ge=0.001, le=86_400)
    """After how long no further page of a fetch is asked for."""
    hf_endpoint: str
    arxiv_endpoint: str
    hf_token: str | None = Field(default=None, repr=False)

    @cached_property
    def is_api_configured(self) -> bool:
        """Whether runs go by way of a Prefect server."""
        return bool(self.prefect_api_url)


def load_settings(home: Path | None = None) -> Settings:
    """Read defaults, the overlay folder and the environment, in this order.

    Raises:
        ConfigError: a file is missing, is no TOML, or holds a wrong value.
    """
    overlay = _read_path("PAPERSTRATA_CONFIG")
    if overlay and not overlay.is_dir():
        raise ConfigError(f"PAPERSTRATA_CONFIG names {overlay}, which is no folder")
    values = _merge(read_toml("default.toml", None), read_toml("settings.toml", overlay))
    for name in ("home", "overlay", "prefect_api_url", "hf_endpoint", "arxiv_endpoint", "hf_token"):
        if name in values:
            raise ConfigError(f"settings.toml: {name} is given by a flag or the environment")
    if switch := os.environ.get("PAPERSTRATA_PUBLISH_SITE"):
        values["publish_site"] = _read_switch("PAPERSTRATA_PUBLISH_SITE", switch)
    folder = home or _read_path("PAPERSTRATA_HOME") or _default_home()
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError as error:
        raise ConfigError(f"{folder}: a home needs a name in UTF-8") from error
    try:
        return Settings(
            home=Home(folder=folder.absolute()),
            overlay=overlay,
            prefect_api_url=os.environ.get("PREFECT_API_URL"),
            hf_token=_read_token("PAPERSTRATA_HF_TOKEN"),
            hf_endpoint=os.environ.get("HF_ENDPOINT") or "https://huggingface.co",
            arxiv_endpoint=os.environ.get("ARXIV_ENDPOINT") or "https://export.arxiv.org",
            **values,
        )
    except ValidationError as error:
        raise ConfigError(f"settings: {first_error(error)}") from error


def _read_path(variable: str) -> Path | None:
    """Return the path that a variable names; None where it is not set.

    Raises:
        ConfigError: it is empty, as by another variable that a shell does not know: what is meant
            may be another home than the one of who sets nothing.
    """
    named = os.environ.get(variable)
    if named is not None and not named.strip():
        raise ConfigError(f"{variable} is empty: name a folder, or unset it")
    return None if named is None else Path(named)


def read_toml(name: str, overlay: Path | None) -> dict[str, Any]:
    """Return a shipped file, or with an overlay the file of that name there: empty if absent."""
    path = overlay / name if overlay else files("config") / name
    if overlay and not os.path.lexists(str(path)):
        return {}
    if name == "settings.toml" and not overlay:
        return {}
    text = read_declared(path)
    try:
        return tomllib.loads(text)
    except ValueError as error:
        raise ConfigError(f"{path}: {error}") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: its values are nested too deeply") from error


def read_declared(path: Path | Traversable) -> str:
    """Return the text of a file of the configuration.

    Raises:
        ConfigError: it cannot be read (a link that leads nowhere, a folder, a pipe, no UTF-8), or
            is longer than any configuration is.
    """
    place = Path(str(path))
    try:
        if place.is_fifo():
            raise ConfigError(f"{path}: is a pipe; a file is needed")
        with path.open("rb") as file:
            body = file.read(_MOST_BYTES + 1)
        if len(body) > _MOST_BYTES:
            raise ConfigError(f"{path}: is longer than {_MOST_BYTES >> 20} MiB")
        # what some editors write before the first letter is none of it
        return io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig").read()
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error


def first_error(error: ValidationError) -> str:
    """Return the first finding of pydantic on one line: the field, and what is wrong with it."""
    finding = error.errors()[0]
    return f"{'.'.join(map(str, finding['loc']))}: {finding['msg']}"


def _read_switch(name: str, value: str) -> bool:
    try:
        return TypeAdapter(bool).validate_python(value)
    except ValidationError as error:
        raise ConfigError(f"{name}: {value!r} is neither true nor false") from error


def _read_token(name: str) -> str | None:
    """Return a token of the environment without the blanks and line ends around it.

    Raises:
        ConfigError: it can be none; what it holds is not told.
    """
    token = os.environ.get(name, "").strip()
    if not all("!" <= letter <= "~" for letter in token):
        raise ConfigError(f"{name}: holds characters that no token has (it is not shown)")
    return token or None


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        both = isinstance(value, dict) and isinstance(base.get(name), dict)
        merged[name] = _merge(base[name], value) if both else value
    return merged


def _default_home() -> Path:
    """Return warehouse/data of the checkout that we stand in or run from, else the user's."""
    here = Path.cwd()
    for folder in (here, *here.parents, Path(__file__).parents[1]):
        if _is_checkout(folder):
            return folder / "warehouse" / "data"
    import platformdirs

    return platformdirs.user_data_path(_PROJECT)


def _is_checkout(folder: Path) -> bool:
    project = folder / "pyproject.toml"
    try:
        return project.exists() and f'name = "{_PROJECT}"' in project.read_text(encoding="utf-8")
    except OSError:
        return False
