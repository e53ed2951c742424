"""Messages of agents on standard input: one that cannot be read is answered too, with an error.

The SDK drops such a message in silence, so that who sent it waits for ever: half of a surrogate
pair in a text (``"\\ud800"``), say, is JSON to many libraries, and none to the SDK.
"""

import json
import sys
from collections.abc import AsyncIterator
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
    RequestId,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError


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
            try:
                jsonrpc_message_adapter.validate_json(line, by_name=False)
            except ValidationError as error:
                answer = answer_unreadable(line, error)
                if answer and self.answers:
                    await self.answers.send(SessionMessage(answer))
            else:
                yield line


def answer_unreadable(line: str, error: ValidationError) -> JSONRPCError | None:
    """Return the answer to a line that is no message; None where nobody waits for one."""
    finding = error.errors(include_input=False, include_url=False)[0]
    is_json = finding["type"] != "json_invalid"
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        found = None
    if not line.strip() or (isinstance(found, dict) and "id" not in found and "method" in found):
        # a notification
        return None
    told = "the message is none of JSON-RPC 2.0" if is_json else str(finding["msg"])
    code = INVALID_REQUEST if is_json else PARSE_ERROR
    return JSONRPCError(jsonrpc="2.0", id=_id_of(found), error=ErrorData(code=code, message=told))


def _id_of(message: object) -> RequestId | None:
    """Return the id of a request, as far as there is one that can be written."""
    found = message.get("id") if isinstance(message, dict) else None
    if isinstance(found, str) and found.isprintable():
        # half of a surrogate pair is not printable
        return found
    return found if isinstance(found, int) and not isinstance(found, bool) else None
