"""Options and types that several verbs share."""

import errno
import math
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flows.cli.told_commands import remember_home
from flows.pipeline.path_template import parse_date, parse_time
from warehouse.home_marker import find_home_of

if TYPE_CHECKING:
    from config.settings import Home

F = TypeVar("F", bound=Callable[..., Any])


_UNUSABLE = (errno.ENAMETOOLONG, errno.ELOOP)
"""A name longer than the file system takes; links that lead to each other."""


class GivenPath(click.Path):
    """A path; an empty text, such as an unset variable of a shell, is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or end with a usage error."""
        if value == "":
            self.fail("an empty path", param, ctx)
        try:
            Path(value).stat()
        except OSError as error:
            if error.errno in _UNUSABLE:
                self.fail(f"{value}: {os.strerror(error.errno)}", param, ctx)
        return super().convert(value, param, ctx)


class TextType(click.types.StringParamType):
    """A text; bytes that are no UTF-8, as of a terminal with another encoding, are none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, or end with a usage error."""
        text: str = super().convert(value, param, ctx)
        try:
            text.encode()
        except UnicodeEncodeError:
            self.fail(f"{text!r} holds bytes that are no UTF-8", param, ctx)
        return text


class SecondsType(click.FloatRange):
    """A time to wait, more than nothing, and at most about thirty years."""

    def __init__(self) -> None:
        """Bound it."""
        super().__init__(min=0, min_open=True, max=1e9)

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the seconds, or end with a usage error; what is no number is in no range."""
        seconds: float = super().convert(value, param, ctx)
        if math.isnan(seconds):
            self.fail(f"{value!r} is no number of seconds", param, ctx)
        return seconds


class DateType(click.ParamType[date]):
    """A date in ISO 8601."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date, or end with a usage error."""
        try:
            return value if isinstance(value, date) else parse_date(value)
        except ValueError:
            self.fail(f"{value!r} is no date like 2025-06-30", param, ctx)


class TimeType(click.ParamType[datetime]):
    """An instant in ISO 8601; without a zone it is UTC."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the instant as naive UTC, or end with a usage error."""
        try:
            return value if isinstance(value, datetime) else parse_time(value)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time like 2025-06-30T12:00:00Z", param, ctx)


class EndType(TimeType):
    """An instant, or a date that means the whole of that day in UTC."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Return the last instant that is meant, naive UTC."""
        instant = super().convert(value, param, ctx)
        is_day = isinstance(value, str) and len(value) in (8, 10) and "T" not in value
        return (
            instant.replace(hour=23, minute=59, second=59, microsecond=999_999)
            if is_day
            else instant
        )


def take_texts(command: click.Command) -> None:
    """Let a verb, and each verb below it, refuse bytes that are no UTF-8 where it takes a text:
    nothing could store them, or ask for them.
    """
    if isinstance(command, click.Group):
        for below in command.commands.values():
            take_texts(below)
    for param in command.params:
        if param.type is click.STRING:
            param.type = TextType()


def take_home(command: click.Command) -> None:
    """Let a verb, and each verb below it, take ``--home`` as well as the program does."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            take_home(below)
    if any("--home" in param.opts for param in command.params):
        return
    command.params.append(
        click.Option(
            ["--home"],
            type=GivenPath(path_type=Path, file_okay=False),
            expose_value=False,
            callback=_remember_home,
            help="The home folder; here or before the verb.",
        )
    )


def _remember_home(ctx: click.Context, _option: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.obj["home"] = value
        remember_home(value)


def json_option(command: F) -> F:
    """Add ``--json``."""
    return click.option("as_json", "--json", is_flag=True, help="One JSON object.")(command)


def output_option(command: F) -> F:
    """Add ``--output`` and ``--force``."""
    command = click.option("--force", is_flag=True, help="Let --output replace a file.")(command)
    return click.option(
        "--output",
        type=GivenPath(path_type=Path, dir_okay=False, allow_dash=True),
        callback=_without_dash,
        help="Write to a file; - is standard output.",
    )(command)


def _without_dash(_ctx: click.Context, _option: click.Parameter, value: Path | None) -> Path | None:
    """Return None for ``-``: standard output, as where no file is named."""
    return None if value == Path("-") else value


def refuse_within(output: Path, home: "Home", *, option: str = "--output") -> None:
    """Refuse to write into a home: by its own name, by that of a link, or where a link of the home
    leads, as to a landing on another disk; and over a part of another home.

    Raises:
        click.UsageError: with the file.
    """
    folder = home.folder
    parts = (*folder.glob("*"), *home.landing.glob("*"), *home.landing.glob("*/*"))
    roots = {folder.resolve(), *(part.resolve() for part in parts if part.is_symlink())}
    # a rename takes the place of a link, and not of what it leads to
    places = {output.resolve(), output.parent.resolve() / output.name}
    if any(place.is_relative_to(root) for place in places for root in roots):
        raise click.UsageError(f"{option} {output} lies in the home folder: choose another place")
    for place in places:
        if (other := find_home_of(place)) is not None:
            raise click.UsageError(
                f"{option} {output} is a part of another home, {other}: choose another place"
            )


def refuse_output(
    output: Path,
    home: "Home",
    *,
    is_forced: bool,
    is_ours: Callable[[Path], bool] | None = None,
    option: str = "--output",
) -> None:
    """Refuse to write into a home, or over a file that we did not write.

    ``is_ours`` tells a file that an earlier command wrote; without it there is no telling.

    Raises:
        click.UsageError: with the file, and what to do.
    """
    refuse_within(output, home, option=option)
    if not output.parent.is_dir():
        raise click.UsageError(f"{option} {output}: there is no folder {output.parent}")
    if output.exists() and not output.is_file():
        # a rename would take the place of a device or a pipe
        raise click.UsageError(f"{option} {output} is no regular file")
    # a link that leads nowhere is there, too
    if os.path.lexists(output) and not is_forced and not (is_ours and is_ours(output)):
        raise click.UsageError(f"{option} {output} is there: choose another name, or give --force")


def prefect_option(command: F) -> F:
    """Add ``--prefect``."""
    return click.option(
        "--prefect", is_flag=True, help="Run as a Prefect flow, also where no API is configured."
    )(command)
