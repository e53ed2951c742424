"""A bound on the head of an answer: interim answers (103 and the like) need have no end."""

from collections.abc import Callable
from typing import Any

from flows.sources.errors import FailedTryError

_MOST_BYTES = 1 << 18
"""Of all heads before the body, with what was read beyond them; one head alone may have 100 kB."""


class HeadLimit:
    """Counts what a server sends before the body; to be told what its HTTP library does."""

    def __init__(self) -> None:
        """Wait for the first request."""
        self._is_head = False
        self._read = 0

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Count from the moment on in which a head is awaited, on every stream that is opened."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            stream = info["return_value"]
            stream.read = self._counting(stream.read)
        elif ".receive_response_headers." in event:
            self._is_head = event.endswith(".started")
            self._read = 0

    def _counting(self, read: Callable[..., bytes]) -> Callable[..., bytes]:
        def counted(*args: Any, **kwargs: Any) -> bytes:
            piece = read(*args, **kwargs)
            if self._is_head:
                self._read += len(piece)
                if self._read > _MOST_BYTES:
                    reason = f"{_MOST_BYTES >> 10} KiB and more of interim answers, and no answer"
                    raise FailedTryError(reason, is_final=True, scope="server")
            return piece

        return counted
