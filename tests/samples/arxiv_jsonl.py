"""Samples of the format arxiv_jsonl, with text of our own."""

import json
from typing import Any

PAPER: dict[str, Any] = {
    "id": "2504.12351",
    "pdf": "https://arxiv.org/pdf/2504.12351",
    "abs": "https://arxiv.org/abs/2504.12351",
    "authors": ["Ada Lovelace", "Alan Turing"],
    "title": "Counting Small Things",
    "categories": ["cs.LG", "stat.ML"],
    "comment": None,
    "summary": "We count\nsmall things.",
}

SNAPSHOT: dict[str, Any] = {
    "id": "hep-th/9901001",
    "submitter": "Ada Lovelace",
    "authors": "A. Lovelace and A. Turing (Analytical Society)",
    "title": "Small\n  Strings",
    "comments": "12 pages",
    "doi": "10.1016/j.small.2010.01.001",
    "categories": "hep-th math.AG",
    "abstract": "  We count strings.\n",
    "versions": [
        {"version": "v1", "created": "Fri, 1 Jan 1999 10:00:00 GMT"},
        {"version": "v2", "created": "Mon, 4 Jan 1999 10:00:00 GMT"},
    ],
    "update_date": "2009-11-07",
    "authors_parsed": [["Lovelace", "A.", ""], ["Turing", "A.", ""]],
}


def lines(*papers: Any) -> bytes:
    """Return papers as JSON lines; bytes stay as they are."""
    return b"\n".join(p if isinstance(p, bytes) else json.dumps(p).encode() for p in papers) + b"\n"
