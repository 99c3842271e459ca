"""Every way in at once: whatever library an application calls a mocked service with, the same is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module

from connect_batchmock.wire.imports import when_imported
from connect_batchmock.wire.message import Ask, ConnectionRefusal, NoteOfOther, Refusal
from connect_batchmock.wire.sockets import refuse_connections


@dataclass(frozen=True)
class Library:
    """A library that calls are made with.

    Args:
        last: the module of it that, once it is loaded, has loaded all others that are touched.
        ours: our module about it, which is imported no earlier.
    """

    last: str
    ours: str


BOTOCORE = Library("botocore.session", "connect_batchmock.wire.botocore")
AIOBOTOCORE = Library("aiobotocore.session", "connect_batchmock.wire.aiobotocore")
REQUESTS = Library("requests", "connect_batchmock.wire.requests")
MOTO = Library("moto.core.models", "connect_batchmock.neighbours.moto")
ASYNCIO = Library("asyncio.base_events", "connect_batchmock.wire.sockets")


@contextmanager
def intercept(ask: Ask, refuse_connection: ConnectionRefusal, note_of_other: NoteOfOther) -> Iterator[None]:
    """Ask about every request of a mocked service, of clients made before and of those made within.

    Args:
        ask: answers a request, or lets it go on.
        refuse_connection: raises where a library that cannot be answered is about to connect.
        note_of_other: is told of requests that something of the test's own has answered.
    """
    with (
        _connections_refused(refuse_connection),
        _entered("intercept", ask, of=(BOTOCORE, AIOBOTOCORE, MOTO)),
        _entered("intercept", ask, note_of_other, of=(REQUESTS,)),
    ):
        yield


@contextmanager
def refuse(refusal: Refusal, refuse_connection: ConnectionRefusal) -> Iterator[None]:
    """Show requests of a mocked service, that nobody has answered, to who may refuse to send them.

    Args:
        refusal: raises for a request that is not to be sent.
        refuse_connection: raises for a host that is not to be connected to.
    """
    with (
        _connections_refused(refuse_connection),
        _entered("refuse", refusal, of=(BOTOCORE, AIOBOTOCORE, REQUESTS)),
    ):
        yield


@contextmanager
def _connections_refused(refusal: ConnectionRefusal) -> Iterator[None]:
    with refuse_connections(refusal), _entered("refuse_in_loops", refusal, of=(ASYNCIO,)):
        yield


@contextmanager
def no_credential_lookup() -> Iterator[None]:
    """Give every session the mock's credentials, whatever its profile, without keeping them."""
    with _entered("no_credential_lookup", of=(BOTOCORE, AIOBOTOCORE)):
        yield


def another_mock_answers() -> bool:
    """Whether a neighbour answers what is let through."""
    return MOTO.last in sys.modules and bool(import_module(MOTO.ours).is_answering())


@contextmanager
def _entered(context: str, *args: object, of: tuple[Library, ...]) -> Iterator[None]:
    """Enter a context of our module about each library: now if it is loaded, else as soon as it is."""
    with ExitStack() as restore:
        for library in of:

            def enter(library: Library = library) -> None:
                restore.enter_context(getattr(import_module(library.ours), context)(*args))

            restore.enter_context(when_imported(library.last, enter))
        yield
