"""The server for agents, asked by the protocol's own client over standard input and output."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.flows.out.conftest import Told

pytestmark = pytest.mark.slow
_CHECKOUT = Path(__file__).parents[3]
_CLIENT = {"name": "test", "version": "1"}
_QUESTIONS: list[tuple[str, dict[str, Any]]] = [
    ("search", {"words": "quiet gradients", "limit": 1}),
    ("paper", {"paper_id": "2506.10000"}),
    ("topic", {"topic": "gradients"}),
    ("trends", {}),
    ("trends", {"as_of": "2025-06-21"}),
    ("sql", {"query": "select 1 as one union all select 2 order by 1", "limit": 1}),
    ("tables", {}),
    ("sql", {"query": "create table x (a integer)"}),
    ("sql", {"query": "from read_csv('/etc/hostname')"}),
    ("topic", {"topic": "gradiants"}),
    ("paper", {"paper_id": "2506.99999"}),
    ("trends", {"as_of": "yesterday"}),
]


def test_agents_are_answered_and_can_change_nothing(told: Told) -> None:
    before = (told.bench.home / "warehouse.duckdb").read_bytes()
    tools, answers = asyncio.run(_ask(told))
    assert tools == {"search", "paper", "topic", "trends", "sql", "tables"}
    found, paper, topic, trends, past, rows, tables = (
        json.loads(text) for is_error, text in answers[:7] if not is_error
    )
    assert all(one["publication"]["published_at"] for one in (found, past, rows))
    assert len(found["papers"]) == 1
    assert {one["title"] for one in paper["wordings"]} == {
        "Sorting Pebbles with Recurrent Buckets",
        "Sorting Stones with Recurrent Buckets",
    }
    assert [one["votes"] for one in paper["votes"]] == [2, 2]
    assert topic["name"] == "Gradients"
    assert trends["feeds"] == past["feeds"] == []
    assert (rows["columns"], rows["rows"], rows["there_are_more"]) == (["one"], [[1]], True)
    assert "paper_id" in tables["tables"]["mart.paper"]["columns"]
    refused = [text for is_error, text in answers[7:] if is_error]
    for text, reason in zip(
        refused,
        ("only read here", "disabled by configuration", "mean gradients", "no paper", "no time"),
        strict=True,
    ):
        assert reason in text
    assert (told.bench.home / "warehouse.duckdb").read_bytes() == before


def test_a_message_that_cannot_be_read_is_answered_and_the_server_goes_on(told: Told) -> None:
    called: dict[str, Any] = {"jsonrpc": "2.0", "method": "tools/call"}
    search = {"name": "search", "arguments": {"words": "\ud800"}}
    client = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": _CLIENT}
    messages: list[object] = [
        {**called, "id": 1, "method": "initialize", "params": client},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {**called, "id": 2, "params": search},
        {**called, "id": "\ud800", "params": search},
        {"jsonrpc": "2.0", "method": "notifications/\ud800"},
        {"jsonrpc": "2.0", "id": 3},
        {"jsonrpc": "2.0", "id": 1.5, "method": "ping"},
        [],
        {**called, "id": 4, "params": {"name": "tables"}},
    ]
    lines = [json.dumps(message) for message in messages]
    command = [sys.executable, "-m", "flows.cli", "--home", str(told.bench.home), "mcp"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=_CHECKOUT, text=True, **pipes) as server:
        assert server.stdin and server.stdout and server.stderr
        server.stdin.write("\n".join([*lines[:-1], "no JSON", lines[-1], ""]))
        server.stdin.flush()
        answers = []
        while 4 not in {one["id"] for one in answers}:
            answers.append(json.loads(server.stdout.readline()))
        # its input goes on
        server.send_signal(signal.SIGINT)
        assert server.wait(30) == 128 + signal.SIGINT
        assert (server.stdout.read(), server.stderr.read()) == ("", "paperstrata: stopped\n")
    refused = [(one["id"], one["error"]["code"]) for one in answers if "error" in one]
    unread, wrong = -32700, -32600
    nobody = (None, wrong)
    assert refused == [(2, unread), (None, unread), (3, wrong), nobody, nobody, (None, unread)]
    assert {one["id"] for one in answers if "result" in one} == {1, 4}


async def _ask(told: Told) -> tuple[set[str], list[tuple[bool, str]]]:
    from mcp import Client, StdioServerParameters, stdio_client  # slow, and for this test alone

    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "flows.cli", "--home", str(told.bench.home), "mcp"],
        cwd=_CHECKOUT,
        env=dict(os.environ),
    )
    async with Client(stdio_client(server)) as client:
        listed = (await client.list_tools()).tools
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in listed)
        answers = []
        for name, arguments in _QUESTIONS:
            result = await client.call_tool(name, arguments)
            answers.append((bool(result.is_error), result.content[0].text))
    return {tool.name for tool in listed}, answers
