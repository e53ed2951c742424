"""Prefect's server may be lost at any moment: work is done once, with it or without it."""

import logging
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from flows.report import ServerUnreachableError
from flows.sources.addresses import encode_login, without_credentials

T = TypeVar("T")

_LOST_SECONDS = 3.0
"""How long an answer may take of a server that was lost: it may be back."""
_REACHED_SECONDS = 10.0
"""How long a first answer may take, twice: Prefect's own patience is six times a minute."""


class Server:
    """Whether Prefect's server was lost during this process: then stages run without it."""

    lost: str | None = None

    @classmethod
    def lose(cls, error: Exception) -> None:
        """Go on without it: what Prefect still asks of it, as at the end of a flow, is asked once
        and briefly.
        """
        if not cls.lost:
            _ask_briefly()
        cls.lost = f"{type(error).__name__}: {error}".splitlines()[0]


def _ask_briefly() -> None:
    import httpx
    from prefect.client.base import PrefectHttpxSyncClient
    from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

    usual, timeout = PrefectHttpxSyncClient.send, httpx.Timeout(_LOST_SECONDS).as_dict()

    def send(
        self: PrefectHttpxSyncClient, request: httpx.Request, *args: Any, **kwargs: Any
    ) -> httpx.Response:
        request.extensions = {**request.extensions, "timeout": timeout}
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
            return usual(self, request, *args, **kwargs)

    PrefectHttpxSyncClient.send = send  # type: ignore[method-assign]


class Attempt(Generic[T]):
    """Work that is to be done once, whoever runs it; it knows whether it was done."""

    def __init__(self, work: Callable[[], T]) -> None:
        """Do nothing yet."""
        self._work = work
        self.results: list[T] = []
        self.error: BaseException | None = None

    def __call__(self) -> T:
        """Do the work. Asked again, as by settings of Prefect that retry: what became of it."""
        if self.error is not None:
            raise self.error
        if self.results:
            return self.results[0]
        try:
            self.results.append(self._work())
        except BaseException as error:
            self.error = error
            raise
        return self.results[0]

    def finish(self, error: Exception) -> T:
        """Return the result although Prefect failed: of work that was done, or is done now.

        Raises:
            Exception: the work itself has failed.
        """
        if self.error is not None:
            raise self.error
        Server.lose(error)
        return self.results[0] if self.results else self()


def was_server_lost() -> bool:
    """Tell whether a server was lost in this process."""
    return bool(Server.lost)


def reach(address: str) -> None:
    """Ask the server whether it is there.

    Raises:
        ServerUnreachableError: it does not answer, or the address is none.
    """
    try:
        if not address.isprintable():
            raise ValueError("it holds control characters")
        from prefect.client.orchestration import get_client
        from prefect.settings import (
            PREFECT_API_REQUEST_TIMEOUT,
            PREFECT_CLIENT_MAX_RETRIES,
            temporary_settings,
        )

        patience = {PREFECT_API_REQUEST_TIMEOUT: _REACHED_SECONDS, PREFECT_CLIENT_MAX_RETRIES: 1}
        with temporary_settings(patience), get_client(sync_client=True) as client:
            problem: Exception | str | None = client.api_healthcheck()
    except ValueError as error:  # also of Prefect's settings
        problem = f"PREFECT_API_URL is no address ({type(error).__name__})"
    if problem is not None:
        encoded = encode_login(address)
        if isinstance(problem, Exception) and encoded != address:
            # what such an error quotes may be a part of the password
            problem = f"{type(problem).__name__}; its user and password must be percent-encoded"
        told = f"the Prefect API at {encoded} cannot be reached: {problem}"
        raise ServerUnreachableError(without_credentials(told))


def without_tracebacks() -> None:
    """Let Prefect log on one line, not with a traceback, that its server does not answer, and that
    a run ended with an error that its user can mend: the command says what it is.
    """
    import httpx

    from flows.report import FlowError
    from warehouse.errors import WarehouseError

    make = logging.getLogRecordFactory()
    explained = (httpx.HTTPError, FlowError, WarehouseError)

    def make_record(*values: Any, **named: Any) -> logging.LogRecord:
        record = make(*values, **named)
        # where a task is Failed without an error, there is none to show
        cause = record.exc_info[1] if record.exc_info else None
        is_explained = cause is None or isinstance(cause, explained)
        if is_explained and record.name.startswith("prefect"):
            record.exc_info = None
        return record

    logging.setLogRecordFactory(make_record)
