"""What feeds declare, read as people write it."""

from pathlib import Path

import pytest

from config.feeds import load_feeds
from config.settings import ConfigError

PICKS = """
[[feed]]
feed_id = "picks"
name = "Picks"
kind = "daily_list"
family = "lab"
source_rank = 5
id_scheme = "arxiv"
{own}
[feed.table]
{table}
[feed.table.columns]
title = "Paper"
"""


def declare(folder: Path, own: str = "", table: str = "") -> tuple[str | None, str | None]:
    """Return the rows of a feed, and where its tables keep their rows."""
    (folder / "feeds.toml").write_text(PICKS.format(own=own, table=table), encoding="utf-8")
    feed = load_feeds(folder)["picks"]
    assert feed.table
    return feed.rows, feed.table.rows


def test_whole_days_are_declared_of_the_feed_also_from_below_its_table(tmp_path: Path) -> None:
    whole = 'rows = "whole days"'
    assert declare(tmp_path) == (None, None)
    assert declare(tmp_path, own=whole) == ("whole days", None)
    assert declare(tmp_path, table=whole) == ("whole days", None)
    assert declare(tmp_path, own=whole, table='rows = "data.papers"') == (
        "whole days",
        "data.papers",
    )


def test_rows_of_a_feed_are_whole_days_or_not_declared(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="feed 'picks': rows"):
        declare(tmp_path, own='rows = "half days"')


@pytest.mark.parametrize(
    "own",
    [
        "page_limit = 3_000_000_000",
        "newest_within_days = 99_999_999_999",
        '[[feed.inbox]]\nfolder = "a\\u0000b"',
        '[feed.calendar]\ntime_zone = "Europe"\nweekdays=[1]\ncutoff_hours=1\ndeadline_hours=1',
    ],
)
def test_what_no_column_and_no_calendar_can_hold_is_refused(own: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"feed 'picks': (page|newest|inbox|calendar)"):
        declare(tmp_path, own=own)


def test_a_table_that_is_no_feed_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "feeds.toml").write_text('[[feeds]]\nfeed_id = "picks"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"feeds\.toml: feeds: not known"):
        load_feeds(tmp_path)
