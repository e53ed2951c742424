"""The types of options."""

import os
from pathlib import Path

import click
import pytest

from config.settings import Home
from flows.cli.options import EndType, refuse_output


def test_a_date_means_the_whole_of_that_day() -> None:
    end = EndType().convert("2025-06-30", None, None)
    assert str(end) == "2025-06-30 23:59:59.999999"
    assert str(EndType().convert("2025-06-30T12:00:00Z", None, None)) == "2025-06-30 12:00:00"


@pytest.mark.parametrize("is_forced", [False, True])
def test_no_output_takes_the_place_of_a_pipe_or_a_device(tmp_path: Path, is_forced: bool) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for output in (pipe, Path("/dev/null")):
        with pytest.raises(click.UsageError, match="no regular file"):
            refuse_output(output, Home(folder=tmp_path / "home"), is_forced=is_forced)
