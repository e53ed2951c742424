"""The column types of every frame, and the limits and words of its values."""

import polars as pl

from transforms.arxiv import (
    ARCHIVE,
    DOI,
    NEW_ID,
    OLD_NUMBER,
    SUBJECT_CLASS,
    VERSION,
)

SCHEMA_VERSION = "7"
"""Part of every rules digest: raise it with a rule, and what the rule concerns is replayed."""

LONGEST_TITLE = 2_000
LONGEST_ABSTRACT = 50_000
LARGEST_COUNT = 1_000_000_000

ANNOUNCE_TYPES = ("new", "cross", "replace", "replace-cross")
"""How arXiv announces a paper: for the first time, in one more subject, or a new version of it."""

ARXIV_ID = rf"^({NEW_ID}|{ARCHIVE}({SUBJECT_CLASS})?/{OLD_NUMBER})({VERSION})?$"
DOI_ID = rf"^doi:{DOI}$"
"""The id of an entry that has none of arXiv, in a feed whose entries need not have one."""

TIMESTAMP = pl.Datetime("us")

PARSED = pl.Schema(
    {
        "capture_id": pl.String(),
        "id_scheme": pl.String(),
        "captured_at": TIMESTAMP,
        "days_from": pl.Date(),
        "days_until": pl.Date(),
        "feed_date": pl.Date(),
        "seen_until": pl.Date(),
        "position": pl.Int32(),
        "source_id": pl.String(),
        "title": pl.String(),
        "abstract": pl.String(),
        "authors": pl.List(pl.String),
        "published_at": pl.String(),
        "submitted_at": pl.String(),
        "listed_at": pl.String(),
        "published_date": pl.String(),
        "votes": pl.Int64(),
        "comments": pl.Int64(),
        "stars": pl.Int64(),
        "organisation": pl.String(),
        "submitter": pl.String(),
        "github_url": pl.String(),
        "project_url": pl.String(),
        "keywords": pl.List(pl.String),
        "categories": pl.List(pl.String),
        "discussion_id": pl.String(),
        "announce_type": pl.String(),
        "author_comment": pl.String(),
        "journal_ref": pl.String(),
        "licence": pl.String(),
        "withdrawn_at": pl.String(),
        "is_withdrawn": pl.Boolean(),
        "stated_date": pl.String(),
    }
)

TIMES = ("published_at", "submitted_at", "listed_at", "withdrawn_at")
COUNTS = ("votes", "comments", "stars")
LINKS = ("github_url", "project_url")
NOTES = ("author_comment", "journal_ref", "licence")
REQUIRED = ("entry", "source_id", "title")
"""What fails here rejects its entry; any other value that fails becomes null and an issue."""

ISSUE = pl.Schema(
    {
        "capture_id": pl.String(),
        "position": pl.Int32(),
        "rule": pl.String(),
        "field": pl.String(),
        "reason": pl.String(),
        "value": pl.String(),
    }
)

CONTENT = pl.Schema(
    {
        "content_id": pl.String(),
        "content_key": pl.String(),
        "title": pl.String(),
        "abstract": pl.String(),
        "authors": pl.List(pl.String),
    }
)

ENTRY = pl.Schema(
    {
        "capture_id": pl.String(),
        "position": pl.Int32(),
        "own_id": pl.String(),
        "source_id": pl.String(),
        "source_version": pl.Int32(),
        "title_key": pl.String(),
        "content_key": pl.String(),
        "content_id": pl.String(),
        "published_date": pl.Date(),
        "published_at": TIMESTAMP,
        "submitted_at": TIMESTAMP,
        "listed_at": TIMESTAMP,
        "votes": pl.Int64(),
        "comments": pl.Int64(),
        "stars": pl.Int64(),
        "organisation": pl.String(),
        "submitter": pl.String(),
        "github_url": pl.String(),
        "project_url": pl.String(),
        "keywords": pl.List(pl.String),
        "categories": pl.List(pl.String),
        "discussion_id": pl.String(),
        "announce_type": pl.String(),
        "author_comment": pl.String(),
        "journal_ref": pl.String(),
        "licence": pl.String(),
        "withdrawn_at": TIMESTAMP,
        "is_withdrawn": pl.Boolean(),
        "stated_date": pl.Date(),
    }
)

ABSTRACT = pl.Schema({"content_key": pl.String(), "abstract": pl.String()})

IDENTITY = pl.Schema(
    {
        "own_id": pl.String(),
        "source_id": pl.String(),
        "content_key": pl.String(),
        "title_key": pl.String(),
    }
)
