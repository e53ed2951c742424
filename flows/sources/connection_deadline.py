"""A deadline for a whole exchange: the timeouts of an HTTP library begin anew with every byte."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class _Connection:
    """The socket that the library uses, and a copy of it: shutting that down ends the connection,
    whatever is wrapped around the socket.
    """

    used: socket.socket
    copy: socket.socket


class ConnectionDeadline:
    """Knows the sockets of a client, and ends them when an exchange takes too long."""

    def __init__(self) -> None:
        """Know none yet."""
        self._connections: list[_Connection] = []

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Note the sockets that the library opens; to be given as its ``trace`` extension."""
        if event.endswith(".connect_tcp.complete"):
            opened = info["return_value"].get_extra_info("socket")
            self._connections.append(_Connection(opened, opened.dup()))
        elif event.endswith(".start_tls.complete") and self._connections:
            # (by way of a proxy too) the socket below gives up its descriptor to the one around it
            self._connections[-1].used = info["return_value"].get_extra_info("socket")

    @contextmanager
    def within(self, seconds: float) -> Iterator[threading.Event]:
        """End all connections unless the block ends in time; the event tells whether that was so.

        What waits for the server then fails as if the server had hung up.
        """
        self._forget_closed()
        has_passed = threading.Event()

        def end() -> None:
            has_passed.set()
            self._shut_down()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield has_passed
        finally:
            timer.cancel()

    def forget(self) -> None:
        """Close the copies; the connections are closed."""
        for connection in self._connections:
            connection.copy.close()
        self._connections.clear()

    def _forget_closed(self) -> None:
        """Close the copies of what the library has closed: each holds a descriptor."""
        closed = [one for one in self._connections if one.used.fileno() == -1]
        for connection in closed:
            self._connections.remove(connection)
            connection.copy.close()

    def _shut_down(self) -> None:
        for connection in self._connections:
            with suppress(OSError):
                connection.copy.shutdown(socket.SHUT_RDWR)
