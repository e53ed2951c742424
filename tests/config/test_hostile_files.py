"""Files of the configuration that take all time or memory, or that are none: each is refused."""

import os
from pathlib import Path

import pytest

from config.settings import ConfigError, read_toml
from config.taxonomy import read_taxonomy


def test_what_is_no_file_of_the_configuration_is_refused_and_not_passed_over(
    tmp_path: Path,
) -> None:
    (tmp_path / "feeds.toml").symlink_to("feeds.toml")
    (tmp_path / "watch.toml").symlink_to("nowhere")
    os.mkfifo(tmp_path / "settings.toml")
    (tmp_path / "topics.yaml").symlink_to("nowhere")
    for name, reason in (
        ("feeds.toml", "Too many levels"),
        ("watch.toml", "No such file"),
        ("settings.toml", "is a pipe"),
    ):
        with pytest.raises(ConfigError, match=f"{name}.*{reason}"):
            read_toml(name, tmp_path)
    with pytest.raises(ConfigError, match=r"topics.yaml.*No such file"):
        read_taxonomy(tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a=" + "[" * 5_000 + "]" * 5_000, "nested too deeply"),
        ("a='" + "x" * (5 << 20) + "'", "longer than 4 MiB"),
    ],
)
def test_toml_without_end_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=reason):
        read_toml("feeds.toml", tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 20_000 + "]" * 20_000, "line 1: it is nested too deeply"),
        ("version: &a [x, x]\nareas: [*a, *a]\n", "line 2: aliases"),
    ],
)
def test_yaml_that_a_few_bytes_make_large_is_refused(
    text: str, reason: str, tmp_path: Path
) -> None:
    (tmp_path / "topics.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=reason):
        read_taxonomy(tmp_path)
