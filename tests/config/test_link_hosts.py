"""What a feed declares: what is refused, and what makes its captures be read anew."""

from pathlib import Path

import pytest

from config.feeds import load_feeds
from config.settings import ConfigError


def declare(folder: Path, line: str) -> None:
    (folder / "feeds.toml").write_text(f'[[feed]]\nfeed_id = "hf-rss"\n{line}\n', encoding="utf-8")


@pytest.mark.parametrize("host", ["https://mirror.example", "mirror.example/abs", "Mirror.example"])
def test_a_host_of_links_is_a_name_alone(tmp_path: Path, host: str) -> None:
    declare(tmp_path, f'link_hosts = ["{host}"]')
    with pytest.raises(ConfigError, match=r"hf-rss.*link_hosts"):
        load_feeds(tmp_path)


def test_another_host_of_links_is_another_rule_and_no_host_is_none(tmp_path: Path) -> None:
    shipped = load_feeds(None)["hf-rss"].rules_digest
    declare(tmp_path, "link_hosts = []")
    assert load_feeds(tmp_path)["hf-rss"].rules_digest == shipped
    declare(tmp_path, 'link_hosts = ["mirror.example"]')
    assert load_feeds(tmp_path)["hf-rss"].rules_digest != shipped


def test_how_old_the_papers_of_a_list_may_be_is_a_rule(tmp_path: Path) -> None:
    shipped = load_feeds(None)["hf-rss"].rules_digest
    declare(tmp_path, "newest_within_days = 180")
    assert load_feeds(tmp_path)["hf-rss"].rules_digest != shipped
    declare(tmp_path, "newest_within_days = 0")
    with pytest.raises(ConfigError, match=r"hf-rss.*newest_within_days"):
        load_feeds(tmp_path)
