"""Every way in at once: whatever library an application calls a mocked service with, the same is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module

from connect_batchmock.wire.imports import when_imported
from connect_batchmock.wire.message import Ask, Refusal


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


@contextmanager
def intercept(ask: Ask) -> Iterator[None]:
    """Ask about every request of a mocked service, of clients made before and of those made within."""
    with _entered("intercept", ask, of=(BOTOCORE, AIOBOTOCORE, REQUESTS, MOTO)):
        yield


@contextmanager
def refuse(refusal: Refusal) -> Iterator[None]:
    """Show requests of a mocked service, that nobody has answered, to who may refuse to send them."""
    with _entered("refuse", refusal, of=(BOTOCORE, AIOBOTOCORE, REQUESTS)):
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
