"""A deadline for a whole exchange: the timeouts of an HTTP library begin anew with every byte."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any


class ConnectionDeadline:
    """Knows the sockets of a client, and ends them when an exchange takes too long."""

    def __init__(self) -> None:
        """Know none yet."""
        self._sockets: list[socket.socket] = []

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Note the sockets that the library opens; to be given as its ``trace`` extension."""
        if event == "connection.connect_tcp.complete":
            opened = info["return_value"].get_extra_info("socket")
            # a copy: shutting it down ends the connection, whatever is wrapped around the socket
            self._sockets.append(opened.dup())

    @contextmanager
    def within(self, seconds: float) -> Iterator[threading.Event]:
        """End all connections unless the block ends in time; the event tells whether that was so.

        What waits for the server then fails as if the server had hung up.
        """
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
        for opened in self._sockets:
            opened.close()
        self._sockets.clear()

    def _shut_down(self) -> None:
        for opened in self._sockets:
            with suppress(OSError):
                opened.shutdown(socket.SHUT_RDWR)
