"""The second peer: pandas for the work, DuckDB to keep the result, as most people would begin.

``json.load`` for each file, ``drop_duplicates``, ``groupby``, ``merge``, and each frame inserted as
a table. It leaves out what the floor leaves out; see floor.py. Files become rows in one of two
ways: ``pandas`` picks the fields into a list of dictionaries, which is the quickest;
``pandas-normalize`` calls ``json_normalize`` for each file and ``concat`` once, which is shorter.

``python -m tests.benchmarks.pandas_peer CAPTURES WAREHOUSE TERMS pandas`` prints the seconds of
each step.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from tests.benchmarks import pandas_tables as tables


def read_records(captures: Path) -> pd.DataFrame:
    """Return one row per entry of all files, picked out of the bodies by hand."""
    rows: list[dict[str, Any]] = []
    for path in sorted(captures.glob("*/*/*.json")):
        with path.open(encoding="utf-8") as file:
            body = json.load(file)
        for position, entry in enumerate(body):
            paper = entry["paper"]
            rows.append(
                {
                    "capture_id": str(path),
                    "position": position,
                    "source_id": paper["id"],
                    "title": entry["title"],
                    "abstract": paper["summary"],
                    "authors": [author["name"] for author in paper["authors"]],
                    "published_at": paper["publishedAt"],
                    "submitted_at": paper.get("submittedOnDailyAt"),
                    "listed_at": entry["publishedAt"],
                    "votes": paper["upvotes"],
                    "comments": entry["numComments"],
                    "stars": paper.get("githubStars"),
                    "organisation": (paper.get("organization") or {}).get("name"),
                    "submitter": (entry.get("submittedBy") or {}).get("name"),
                    "github_url": paper.get("githubRepo"),
                    "project_url": paper.get("projectPage"),
                    "keywords": paper.get("ai_keywords"),
                    "discussion_id": paper.get("discussionId"),
                }
            )
    return pd.DataFrame(rows)


_NORMALIZED = {
    "capture_id": "capture_id",
    "position": "position",
    "paper.id": "source_id",
    "title": "title",
    "paper.summary": "abstract",
    "paper.authors": "authors",
    "paper.publishedAt": "published_at",
    "paper.submittedOnDailyAt": "submitted_at",
    "publishedAt": "listed_at",
    "paper.upvotes": "votes",
    "numComments": "comments",
    "paper.githubStars": "stars",
    "paper.organization.name": "organisation",
    "submittedBy.name": "submitter",
    "paper.githubRepo": "github_url",
    "paper.projectPage": "project_url",
    "paper.ai_keywords": "keywords",
    "paper.discussionId": "discussion_id",
}


def read_normalized(captures: Path) -> pd.DataFrame:
    """Return one row per entry of all files, flattened file by file as pandas' guide shows."""
    frames = []
    for path in sorted(captures.glob("*/*/*.json")):
        with path.open(encoding="utf-8") as file:
            frame = pd.json_normalize(json.load(file))
        frames.append(frame.assign(capture_id=str(path), position=range(len(frame))))
    entries = pd.concat(frames, ignore_index=True)[list(_NORMALIZED)].rename(columns=_NORMALIZED)
    names = entries["authors"].map(lambda authors: [author["name"] for author in authors])
    return entries.assign(authors=names)


READERS = {"pandas": read_records, "pandas-normalize": read_normalized}


def build(captures: Path, warehouse: Path, terms: Path, reader: str) -> dict[str, float]:
    """Fill a new warehouse; return the seconds of each step."""
    steps = _Steps()
    seen = steps.measure("read", lambda: READERS[reader](captures))
    entries = steps.measure("conform", lambda: tables.conform(seen))
    looks = steps.measure("captures", lambda: tables.list_captures(entries))
    identifiers = steps.measure("identifiers", lambda: tables.list_identifiers(entries))
    papers = steps.measure("papers", lambda: tables.list_papers(entries))
    versions = steps.measure("versions", lambda: tables.list_versions(entries))
    days = steps.measure("days", lambda: tables.list_days(looks, entries))
    topics = steps.measure("topics", lambda: tables.assign_topics(papers, terms))
    coverage = steps.measure("coverage", lambda: tables.measure_coverage(days, papers))
    periods = steps.measure("periods", lambda: tables.measure_topics(papers, topics, coverage))
    texts = ["title", "abstract", "authors"]
    primary = topics[topics["is_primary"]].set_index("paper_id")["topic_id"]
    made = {
        "raw.capture": looks,
        "raw.entry": entries.drop(columns=[*texts, "feed_date", "captured_at"]),
        "raw.content": entries.drop_duplicates("content_id")[["content_id", "content_key", *texts]],
        "core.paper_alias": papers[["paper_id"]].assign(alias_id=papers["paper_id"]),
        "core.identifier": identifiers,
        "core.paper": papers.drop(columns="abstract").assign(
            primary_topic_id=papers["paper_id"].map(primary)
        ),
        "core.paper_version": versions,
        "core.feed_day": days,
        "core.paper_topic": topics,
        "mart.feed_coverage": coverage,
        "mart.topic_period": periods,
    }
    steps.measure("insert", lambda: insert(warehouse, made))
    return steps.seconds


def insert(warehouse: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Make each frame a table."""
    with duckdb.connect(str(warehouse)) as connection:
        for schema in ("raw", "core", "mart"):
            connection.execute(f"create schema {schema}")
        for table, rows in tables.items():
            connection.register("rows", rows)
            connection.execute(f"create table {table} as select * from rows")
            connection.unregister("rows")


class _Steps:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def measure(self, name: str, work: Any) -> Any:
        start = time.perf_counter()
        done = work()
        self.seconds[name] = round(time.perf_counter() - start, 3)
        return done


if __name__ == "__main__":
    captures, warehouse, terms = map(Path, sys.argv[1:4])
    print(json.dumps(build(captures, warehouse, terms, sys.argv[4])))
