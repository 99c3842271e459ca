"""From what a test says to a server; what a server is made of is loaded with the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from connect_batchmock import explain
from connect_batchmock.server.served import Served

if TYPE_CHECKING:
    from connect_batchmock.server.server import Server


def serve(served: Served, host: str, port: int, *, allow_remote: bool, allow_hosts: Sequence[str]) -> Server:
    """Return a server for a mock, as ``ConnectMock.serve`` says.

    Raises:
        ImportError: what a server is made of is not installed.
        ValueError: there is no such port, or other machines reach the host and that is not allowed.
        OSError: somebody else has the port, or this machine has no such address.
    """
    try:
        from connect_batchmock.server.address import Address
        from connect_batchmock.server.server import Server
    except ModuleNotFoundError as error:
        raise ImportError(explain.server_not_installed(error.name)) from error
    address = Address(host, port)
    if not allow_remote:
        address.refuse_remote()
    return Server(served, address, allow_hosts)
