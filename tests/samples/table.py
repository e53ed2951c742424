"""Samples of the format table, with text of our own."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from config.feeds import TableConfig
from transforms.parse.readers.tables import declare

COLUMNS = {
    "source_id": ["arXiv", "Link"],
    "title": "Paper title",
    "abstract": "Abstract",
    "authors": "Authors",
    "categories": "Subjects",
    "published_date": "Submitted",
    "votes": "Upvotes",
    "feed_date": "Listed on",
}

DECLARED = declare(TableConfig(columns=COLUMNS))

HEADER = "Paper title,arXiv,Link,Abstract,Authors,Subjects,Submitted,Upvotes,Listed on,Note"

CSV = (
    f"\ufeff{HEADER}\r\n"
    'Small Things,arXiv:2309.17401v2,,"We count,\r\nover ""two"" lines.",'
    '"Ada Lovelace, Alan Turing",'
    '"Subjects: Machine Learning (cs.LG); Logic (cs.LO)",2023-09-29,1.44k,2023-10-02,\r\n'
    "Other Things,,https://arxiv.org/abs/hep-th/9901001,,,hep-th,nan,12,2023-10-02,x\r\n"
)


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    """Return a table as Parquet."""
    target = io.BytesIO()
    pq.write_table(pa.table(columns), target, **options)
    return target.getvalue()
