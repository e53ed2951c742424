"""No test here leaves the machine."""

import socket
from collections.abc import Iterator

import pytest

from tests.flows.sources.replay import Bench


@pytest.fixture(autouse=True)
def _stay_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def connect_to_ourselves(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0].startswith("127."), f"a test asks for {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_to_ourselves)


@pytest.fixture
def bench() -> Iterator[Bench]:
    yield Bench()
