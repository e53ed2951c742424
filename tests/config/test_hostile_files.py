"""Files of the configuration that take all time or memory, or that are none: each is refused."""

import os
from pathlib import Path

import pytest

from config.settings import ConfigError, load_settings, read_toml
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


def test_a_mark_of_byte_order_before_the_first_letter_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_bytes(b"\xef\xbb\xbfa = 1\r\n")
    assert read_toml("feeds.toml", tmp_path) == {"a": 1}


@pytest.mark.parametrize(
    "setting",
    [
        "max_file_bytes = 9_223_372_036_854_775_807",
        "capture_seconds = inf",
        "capture_seconds = 1e-9",
        'duckdb_memory = "99999999999999999999TB"',
        'duckdb_memory = "1KB"',
        'duckdb_memory = "32 MiB"',
        "lock_wait_seconds = 99_999_999_999",
        'contact = "Zoë\\n"',
        "[quality]\nvolume_deviations = inf",
        "[quality]\nrecent_days = 99_999_999",
        "[quality]\nshortest_median_abstract = 5_000",
    ],
)
def test_a_number_beyond_all_use_is_refused_by_its_name(
    setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text(setting, encoding="utf-8")
    monkeypatch.setenv("PAPERSTRATA_CONFIG", str(tmp_path))
    with pytest.raises(ConfigError, match=setting.rpartition("\n")[2].split()[0]):
        load_settings()


def test_a_home_whose_name_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="a name in UTF-8"):
        load_settings(tmp_path / os.fsdecode(b"caf\xe9"))
