"""What `topics assign` reads, writes and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli


def run(tmp_path: Path, lines: str, *options: str) -> Result:
    path = tmp_path / "papers.jsonl"
    path.write_text(lines, encoding="utf-8")
    arguments = ["--home", str(tmp_path / "home"), "topics", "assign", str(path), *options]
    return CliRunner().invoke(cli, arguments)


def line(**fields: Any) -> str:
    return json.dumps(fields) + "\n"


def test_answers_stand_in_the_order_of_the_papers_with_their_ids(tmp_path: Path):
    output = tmp_path / "out.jsonl"
    lines = (
        line(id="z", title="A Survey of World Models", abstract=None)
        + line(id=7, title="How to Bake Bread", abstract="Flour and water.")
        + line(id="z", title="Text-to-Video Generation", abstract="Video generation.", year=2025)
    )
    result = run(tmp_path, lines, "--output", str(output))
    assert result.exit_code == 0, result.output
    answers = [json.loads(text) for text in output.read_text(encoding="utf-8").splitlines()]
    assert [answer["id"] for answer in answers] == ["z", 7, "z"]
    assert [answer["primary_topic"] for answer in answers] == [
        "world-models",
        None,
        "video-generation",
    ]
    assert answers[1]["topics"] == []
    for answer in answers:
        assert list(answer) == ["id", "primary_topic", "topics"]
        scores = [topic["score"] for topic in answer["topics"]]
        assert scores == sorted(scores, reverse=True)
        assert all(list(t) == ["topic_id", "score", "method"] for t in answer["topics"])


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("{\n", "line 2: no JSON"),
        ("[]\n", "line 2: must be an object"),
        (line(title="T"), "line 2: 'id' is missing"),
        (line(id="a"), "line 2: 'title' is missing"),
        (line(id="a", title="T", abstract=3), "line 2: 'abstract' must be text, not 3"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(tmp_path: Path, bad: str, message: str):
    output = tmp_path / "out.jsonl"
    result = run(tmp_path, line(id="a", title="T") + bad, "--output", str(output))
    assert message in str(result.exception or result.output)
    assert result.exit_code != 0
    assert not output.exists()


def test_a_file_that_is_there_is_replaced_only_with_force(tmp_path: Path):
    output = tmp_path / "out.jsonl"
    output.write_text("mine", encoding="utf-8")
    assert run(tmp_path, line(id="a", title="T"), "--output", str(output)).exit_code == 2
    assert output.read_text(encoding="utf-8") == "mine"
    assert run(tmp_path, line(id="a", title="T"), "--output", str(output), "--force").exit_code == 0
    assert json.loads(output.read_text(encoding="utf-8"))["id"] == "a"


def test_a_dash_is_standard_input_and_standard_output(tmp_path: Path):
    arguments = ["--home", str(tmp_path / "home"), "topics", "assign", "-", "--output", "-"]
    result = CliRunner().invoke(cli, arguments, input=line(id="a", title="World Models"))
    assert json.loads(result.output)["primary_topic"] == "world-models"
