"""The tables of the pandas peer: frames in, frames out; see pandas_peer.py."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

_GRAINS = {"day": "D", "week": "W-SUN", "month": "M"}
_LATEST = [
    "content_id",
    "title",
    "abstract",
    "published_date",
    "votes",
    "comments",
    "stars",
    "organisation",
    "submitter",
    "github_url",
    "project_url",
]
_WORD = re.compile(r"[a-z0-9]+")


def conform(entries: pd.DataFrame) -> pd.DataFrame:
    """Return entries with ids, keys and dates."""
    for name in ("published_at", "submitted_at", "listed_at"):
        entries[name] = pd.to_datetime(entries[name], utc=True).dt.tz_localize(None)
    dates = entries["capture_id"].str.extract(r"(?P<feed_date>[^/]+)/(?P<captured_at>[^/]+).json$")
    texts = list(zip(entries["title"], entries["abstract"], entries["authors"], strict=True))
    return entries.assign(
        paper_id="arxiv:" + entries["source_id"].str.replace(r"v\d+$", "", regex=True),
        content_id=[_md5(title, abstract, *authors) for title, abstract, authors in texts],
        content_key=[_md5(title.lower(), abstract.lower()) for title, abstract, _ in texts],
        title_key=entries["title"].str.lower(),
        feed_date=pd.to_datetime(dates["feed_date"]),
        captured_at=pd.to_datetime(dates["captured_at"], format="%Y%m%dT%H%M%SZ"),
        published_date=entries["published_at"].dt.normalize(),
        stars=entries["stars"].astype("Int64"),
    )


def list_captures(entries: pd.DataFrame) -> pd.DataFrame:
    """Return one row per file."""
    captures = (
        entries.groupby(["capture_id", "feed_date", "captured_at"])
        .size()
        .rename("entries_seen")
        .reset_index()
    )
    return captures.assign(
        feed_id="hf-daily",
        kind="daily_list",
        state="loaded",
        is_truncated=captures["entries_seen"] >= 50,
    )


def list_identifiers(entries: pd.DataFrame) -> pd.DataFrame:
    """Return every key with the paper that owns it, or none where several do."""
    kinds = {
        "source_id": entries["paper_id"],
        "content_key": "content-key:" + entries["content_key"],
        "title_key": "title-key:" + entries["title_key"],
    }
    owners = pd.concat(
        pd.DataFrame({"identity_key": key, "kind": kind, "paper_id": entries["paper_id"]})
        for kind, key in kinds.items()
    ).drop_duplicates()
    counts = owners.groupby(["identity_key", "kind"])["paper_id"].agg(["first", "size"])
    identifiers = counts.reset_index().rename(columns={"first": "paper_id", "size": "owner_count"})
    identifiers.loc[identifiers["owner_count"] > 1, "paper_id"] = None
    return identifiers


def list_papers(entries: pd.DataFrame) -> pd.DataFrame:
    """Return one row per paper: the last look's values, the first and the last time."""
    looks = entries.sort_values("captured_at").groupby("paper_id")
    latest = looks[_LATEST].last()
    seen = looks.agg(
        first_seen=("captured_at", "min"),
        last_seen=("captured_at", "max"),
        first_feed_date=("feed_date", "min"),
        captures=("capture_id", "nunique"),
    )
    return latest.join(seen).reset_index()


def list_versions(entries: pd.DataFrame) -> pd.DataFrame:
    """Return one row per wording of a paper, valid until the next one."""
    looks = entries.sort_values(["paper_id", "captured_at"])
    is_new = looks["content_key"] != looks.groupby("paper_id")["content_key"].shift()
    looks = looks.assign(version=is_new.groupby(looks["paper_id"]).cumsum())
    versions = (
        looks.groupby(["paper_id", "version"])
        .agg(
            valid_from=("captured_at", "min"),
            content_key=("content_key", "last"),
            content_id=("content_id", "last"),
        )
        .reset_index()
    )
    valid_to = versions.groupby("paper_id")["valid_from"].shift(-1)
    return versions.assign(valid_to=valid_to, is_current=valid_to.isna())


def list_days(captures: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """Return one row per date from the first one to the day of the last look."""
    is_final = captures["captured_at"] >= captures["feed_date"] + pd.Timedelta(days=1)
    looks = captures.assign(is_final=is_final & ~captures["is_truncated"])
    looked = looks.groupby("feed_date").agg(
        captures=("capture_id", "size"),
        last_captured_at=("captured_at", "max"),
        is_cut=("is_truncated", "any"),
        has_final_fetch=("is_final", "any"),
    )
    looked["papers"] = entries.groupby("feed_date")["paper_id"].nunique()
    last = captures["captured_at"].max().normalize()
    dates = pd.date_range(captures["feed_date"].min(), last, name="feed_date")
    days = looked.reindex(dates).reset_index()
    days["is_expected"] = days["feed_date"].dt.day_of_week < 5
    days[["captures", "papers"]] = days[["captures", "papers"]].fillna(0).astype(int)
    days["state"] = np.select(
        [
            days["has_final_look"].eq(True),
            days["is_cut"].eq(True),
            days["papers"] > 0,
            ~days["is_expected"],
        ],
        ["loaded", "truncated", "open", "closed"],
        "missing",
    )
    days["is_complete"] = days["state"].isin(["loaded", "legit_empty"])
    days = days.drop(columns=["is_cut", "has_final_look"])
    return days.assign(feed_id="hf-daily")


def assign_topics(papers: pd.DataFrame, terms: Path) -> pd.DataFrame:
    """Return the topics of each paper: terms of up to four words, no case."""
    by_first_word: dict[str, list[tuple[list[str], str, int]]] = defaultdict(list)
    for line in terms.read_text(encoding="utf-8").splitlines():
        term = json.loads(line)
        words = term["alias"].lower().replace("-", " ").split()
        points = 1 if term["kind"] == "weak" else 3
        by_first_word[words[0]].append((words, term["topic_id"], points))
    rows = []
    for paper_id, title, abstract in papers[["paper_id", "title", "abstract"]].itertuples(
        index=False
    ):
        points_of: Counter[str] = Counter()
        text = _WORD.findall(f"{title} {abstract}".lower())
        for place, word in enumerate(text):
            if word in by_first_word:
                for words, topic_id, points in by_first_word[word]:
                    if text[place : place + len(words)] == words:
                        points_of[topic_id] += points
        rows += [(paper_id, topic_id, points) for topic_id, points in points_of.items()]
    topics = pd.DataFrame(rows, columns=["paper_id", "topic_id", "points"])
    topics = topics[topics["points"] >= 3]
    topics["score"] = topics["points"].clip(upper=20) / 20
    topics = topics.sort_values(
        ["paper_id", "score", "topic_id"], ascending=[True, False, True]
    ).drop(columns="points")
    return topics.assign(is_primary=~topics["paper_id"].duplicated())


def measure_coverage(days: pd.DataFrame, papers: pd.DataFrame) -> pd.DataFrame:
    """Return one row per day, week and month."""
    new_papers = papers.groupby("first_feed_date").size()
    days = days.assign(
        new_papers=days["feed_date"].map(new_papers).fillna(0).astype(int),
        is_usable=days["is_expected"] & days["state"].isin(["loaded", "open", "truncated"]),
        is_missing=days["is_expected"] & (days["state"] == "missing"),
    )
    periods = []
    for grain, frequency in _GRAINS.items():
        start = days["feed_date"].dt.to_period(frequency).dt.start_time.rename("period_start")
        period = days.groupby(start).agg(
            days=("state", "size"),
            expected_days=("is_expected", "sum"),
            usable_days=("is_usable", "sum"),
            complete_days=("is_complete", "sum"),
            missing_days=("is_missing", "sum"),
            papers=("new_papers", "sum"),
        )
        periods.append(period.reset_index().assign(grain=grain))
    coverage = pd.concat(periods)
    return coverage.assign(
        feed_id="hf-daily",
        coverage_share=coverage["usable_days"] / coverage["expected_days"].replace(0, np.nan),
        complete_share=coverage["complete_days"] / coverage["days"],
    )


def measure_topics(
    papers: pd.DataFrame, topics: pd.DataFrame, coverage: pd.DataFrame
) -> pd.DataFrame:
    """Return one row per topic and period, with share, interval, growth and ranks."""
    listed = topics.merge(papers[["paper_id", "first_feed_date"]], on="paper_id")
    periods = []
    for grain, frequency in _GRAINS.items():
        start = listed["first_feed_date"].dt.to_period(frequency).dt.start_time
        counts = listed.groupby(["topic_id", start.rename("period_start")]).size().rename("papers")
        observed = coverage[(coverage["grain"] == grain) & (coverage["papers"] > 0)]
        every = pd.MultiIndex.from_product(
            [sorted(listed["topic_id"].unique()), observed["period_start"]],
            names=["topic_id", "period_start"],
        )
        dense = counts.reindex(every, fill_value=0).reset_index().assign(grain=grain)
        shown = ["period_start", "papers", "coverage_share", "complete_share"]
        periods.append(
            dense.merge(observed[shown].rename(columns={"papers": "observed"}), on="period_start")
        )
    trends = pd.concat(periods, ignore_index=True)
    trends = trends.sort_values(["grain", "topic_id", "period_start"], ignore_index=True)
    return _add_statistics(trends)


def _add_statistics(trends: pd.DataFrame) -> pd.DataFrame:
    papers, observed = trends["papers"], trends["observed"]
    topic = [trends["grain"], trends["topic_id"]]
    of_topic = trends.groupby(["grain", "topic_id"], sort=False)
    last_four = of_topic[["papers", "observed"]].rolling(4, min_periods=1).sum()
    last_four = last_four.reset_index(drop=True)
    before = last_four.groupby(topic, sort=False).shift().fillna(0)
    centre = (papers + 1.9208) / (observed + 3.8416)
    spread = np.sqrt(papers * (observed - papers) / observed + 0.9604)
    width = 1.96 * spread / (observed + 3.8416)
    ratio = (papers + 0.5) / (observed + 0.5)
    ratio /= (before["papers"] + 0.5) / (before["observed"] + 0.5)
    error = 1.96 * np.sqrt(
        1 / (papers + 0.5)
        - 1 / (observed + 0.5)
        + 1 / (before["papers"] + 0.5)
        - 1 / (before["observed"] + 0.5)
    )
    growth = ratio.where(before["observed"] > 0)
    trends = trends.assign(
        feed_id="hf-daily",
        share=papers / observed,
        share_low=centre - width,
        share_high=centre + width,
        share_average_4=last_four["papers"] / last_four["observed"],
        growth=growth,
        growth_low=growth * np.exp(-error),
        growth_high=growth * np.exp(error),
    )
    of_period = trends.groupby(["grain", "period_start"])
    return trends.assign(
        share_rank=of_period["papers"].rank(method="first", ascending=False),
        growth_rank=of_period["growth_low"].rank(method="first", ascending=False),
    )


def _md5(*parts: str) -> str:
    return hashlib.md5("\x1f".join(parts).encode()).hexdigest()
