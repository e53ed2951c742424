"""The digest: what is told of the time since a publication, and how text of others is shown."""

import json
from datetime import timedelta

import pytest

from flows.out.rendering import escape_markdown
from tests.flows.out.conftest import Told

pytestmark = pytest.mark.slow


def test_what_the_second_publication_holds_beyond_the_first_is_news(told: Told) -> None:
    news = json.loads(told.bench.run("digest", "--since", told.first.isoformat(), "--json").out)
    (feed,) = [one for one in news["feeds"] if one["feed_id"] == "hf-daily"]
    assert [one["paper"]["paper_id"] for one in feed["retitled"]] == ["arxiv:2506.10000"]
    assert feed["retitled"][0]["title_before"] == "Sorting Pebbles with Recurrent Buckets"
    assert [one["paper"]["paper_id"] for one in feed["taken_back"]] == ["arxiv:2506.10002"]
    assert {one["paper"]["paper_id"]: one["matched"] for one in feed["watched"]} == {
        "arxiv:2506.10011": ["topic Gradients"],
        "arxiv:2506.10012": ["phrase Small  Mirrors"],
        "arxiv:2506.10013": ["author Émile SÁMPLE"],
    }
    # the papers with the most votes for their age were not there before
    assert {one["paper"]["paper_id"] for one in feed["climbed"]} >= {"arxiv:2506.10014"}


def test_after_the_newest_publication_there_is_no_news(told: Told) -> None:
    later = told.first + timedelta(days=1)
    shown = told.bench.run("digest", "--since", later.isoformat(), "--feed", "hf-daily").out
    assert shown.rstrip().endswith("Nothing is new.")


def test_a_title_in_the_digest_means_nothing_to_markdown_or_a_terminal(told: Told) -> None:
    shown = told.bench.run("digest", "--since", told.first.isoformat()).out
    assert "\\<img src=https://evil.example/x.png\\> \\[a\\](javascript:b)" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert escape_markdown("a_b &lt; $x$\nAT&T") == "a\\_b \\&lt; \\$x\\$\\\\nAT&T"


def test_a_feed_that_is_not_declared_is_told_with_the_near_ones(told: Told) -> None:
    ending = told.bench.run("digest", "--feed", "hf-dayly")
    assert ending.code == 2
    assert "did you mean hf-daily" in ending.err
