"""Messages of agents on standard input: one that cannot be read is answered too, with an error.

The SDK drops such a message in silence, so that who sent it waits for ever: half of a surrogate
pair in a text (``"\\ud800"``), say, is JSON to many libraries, and none to the SDK.
"""

import json
import sys
from collections.abc import AsyncIterator, Mapping
from functools import partial
from io import TextIOWrapper

import anyio
from anyio.streams.memory import MemoryObjectSendStream
from mcp.server.mcpserver import MCPServer
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import (
    INVALID_REQUEST,
    PARSE_ERROR,
    ErrorData,
    JSONRPCError,
    JSONRPCNotification,
    RequestId,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError

_MOST_DIGITS = 1_000
_NO_MESSAGE = ErrorData(code=INVALID_REQUEST, message="the message is none of JSON-RPC 2.0")


def serve(server: MCPServer) -> None:
    """Answer on standard input and output, until the input ends."""
    anyio.run(partial(_serve, server))


async def _serve(server: MCPServer) -> None:
    given = _Messages(TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace"))
    lowlevel = server._lowlevel_server
    async with stdio_server(stdin=given) as (messages, answers):
        given.answers = answers
        await lowlevel.run(messages, answers, lowlevel.create_initialization_options())


class _Messages(anyio.AsyncFile[str]):
    """Lines of which each is a message; what is none is answered, and left out."""

    answers: "MemoryObjectSendStream[SessionMessage] | None" = None

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in super().__aiter__():
            problem = find_problem(line)
            if problem is None:
                yield line
            elif self.answers and (answer := answer_unreadable(line, problem)):
                await self.answers.send(SessionMessage(answer))


def find_problem(line: str) -> ErrorData | None:
    """Return what is wrong with a line that is no message; None where it is one."""
    try:
        message = jsonrpc_message_adapter.validate_json(line, by_name=False)
    except ValidationError as error:
        finding = error.errors(include_input=False, include_url=False)[0]
        if finding["type"] == "json_invalid":
            return ErrorData(code=PARSE_ERROR, message=str(finding["msg"]))
        return _NO_MESSAGE
    # with an id that is none, such as 1.5, the SDK takes a request for a notification
    is_request = isinstance(message, JSONRPCNotification) and "id" in _members_of(line)
    return _NO_MESSAGE if is_request else None


def answer_unreadable(line: str, problem: ErrorData) -> JSONRPCError | None:
    """Return the answer to a line that is no message; None where nobody waits for one."""
    members = _members_of(line)
    is_notification = "method" in members and "id" not in members
    if not line.strip() or is_notification:
        return None
    return JSONRPCError(jsonrpc="2.0", id=_id_of(members), error=problem)


def _members_of(line: str) -> dict[str, object]:
    """Return the members of an object, also of one that the SDK cannot read."""
    try:
        found = json.loads(line, parse_int=_short)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _short(digits: str) -> int | None:
    """Return a number of an id; Python reads none of thousands of digits."""
    return int(digits) if len(digits) < _MOST_DIGITS else None


def _id_of(members: Mapping[str, object]) -> RequestId | None:
    """Return the id of a request, as far as there is one that can be written."""
    found = members.get("id")
    if isinstance(found, str) and found.isprintable():
        # half of a surrogate pair is not printable
        return found
    return found if isinstance(found, int) and not isinstance(found, bool) else None
