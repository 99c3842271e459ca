"""The names of uvicorn that the server depends on: a failure shows which one a new uvicorn changed."""

from __future__ import annotations

import inspect

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState


async def nothing(scope: object, receive: object, send: object) -> None:
    """Send no response."""


def test_a_protocol_is_made_of_a_configuration_and_a_state() -> None:
    names = list(inspect.signature(H11Protocol).parameters)
    assert names[:3] == ["config", "server_state", "app_state"]
    config = Config(nothing, http="h11", ws="none", lifespan="off", log_config=None, proxy_headers=False)
    assert config.timeout_keep_alive == 5, "Config takes timeout_keep_alive and limit_concurrency"
    assert config.limit_concurrency is None


def test_a_state_holds_connections_and_tasks() -> None:
    assert {"connections", "tasks"} <= vars(ServerState()).keys()


def test_a_protocol_has_what_we_replace_and_read() -> None:
    source = inspect.getsource(H11Protocol)
    for line in (
        "self.app =",
        "self.logger =",
        "self.access_log =",
        "self.loop =",
        "self.transport",
        "self.cycle",
    ):
        assert line in source, f"H11Protocol has {line.split()[0]}"
    assert "access_log=self.access_log" in source, "a request's access log is the protocol's"
    assert "app = self.app" in source, "a request is answered by the protocol's app"
    assert "def shutdown(self)" in source


def test_an_exchange_knows_its_end_and_keep_alive() -> None:
    source = inspect.getsource(RequestResponseCycle)
    assert "self.response_complete = " in source
    assert "self.keep_alive = True" in source
