"""Papers from anywhere: lines that no reader could read again, or that take all memory."""

from io import BytesIO

import pytest

from flows.pipeline.assign_papers import read_lines
from flows.report import FlowError


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"id": NaN, "title": "x"}\n', "NaN is no value of JSON"),
        (b'{"id": 1, "title": "' + b"x" * (9 << 20), "is longer than 8 MiB"),
    ],
)
def test_a_line_that_is_no_json_or_has_no_end_is_named(line: bytes, reason: str) -> None:
    papers = read_lines(BytesIO(b'{"id": 1, "title": "x"}\n\n' + line), "p.jsonl")
    assert next(papers).title == "x"
    with pytest.raises(FlowError, match=rf"p.jsonl: line 3: .*{reason}"):
        next(papers)
