"""Every way in at once: whatever library an application calls a mocked service with, the same is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from threading import Lock

from connect_batchmock.interception.import_hooks import IncompatibleLibraryError, is_loaded, when_imported
from connect_batchmock.interception.sockets import refuse_connections
from connect_batchmock.protocol.http import AnsweredElsewhereCallback, ConnectionRefusal, Handler, RefusalHook


@dataclass(frozen=True)
class Library:
    """A library that calls are made with.

    Args:
        last: the module of it that is waited for.
        ours: our module about it, which is imported no earlier.
        needs: the modules of host libraries that ours imports beside it. None of them may be half executed
            when ours is imported, or ours would find half of what it needs.
    """

    last: str
    ours: str
    needs: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the distribution."""
        return self.last.partition(".")[0]


BOTOCORE = Library(
    "botocore.session",
    "connect_batchmock.interception.botocore",
    (
        "botocore",
        "botocore.auth",
        "botocore.awsrequest",
        "botocore.client",
        "botocore.credentials",
        "botocore.endpoint",
        "botocore.exceptions",
        "botocore.handlers",
        "botocore.hooks",
        "botocore.loaders",
        "botocore.model",
        "botocore.signers",
    ),
)
AIOBOTOCORE = Library(
    "aiobotocore.session",
    "connect_batchmock.interception.aiobotocore",
    (
        *("aiobotocore.credentials", "aiobotocore.endpoint", "aiobotocore.signers"),
        *(BOTOCORE.last, *BOTOCORE.needs, BOTOCORE.ours),
    ),
)
REQUESTS = Library(
    "requests",
    "connect_batchmock.interception.requests",
    ("requests.adapters", "responses", "botocore", "botocore.loaders", "botocore.model"),
)
MOTO = Library(
    "moto.core.models",
    "connect_batchmock.interception.moto",
    ("moto.core.botocore_stubber", BOTOCORE.last, *BOTOCORE.needs, BOTOCORE.ours),
)
ASYNCIO = Library("asyncio.base_events", "connect_batchmock.interception.sockets", ())


@contextmanager
def intercept(
    ask: Handler, refuse_connection: ConnectionRefusal, answered_elsewhere: AnsweredElsewhereCallback
) -> Iterator[None]:
    """Ask about every request of a mocked service, of clients made before and of those made within.

    Args:
        ask: answers a request, or lets it go on.
        refuse_connection: raises where a library that cannot be answered is about to connect.
        answered_elsewhere: is told of requests that something of the test's own has answered.
    """
    with (
        _connections_refused(refuse_connection),
        _entered("intercept", ask, of=(BOTOCORE, AIOBOTOCORE, MOTO)),
        _entered("intercept", ask, answered_elsewhere, of=(REQUESTS,)),
    ):
        yield


@contextmanager
def refuse(refusal: RefusalHook, refuse_connection: ConnectionRefusal) -> Iterator[None]:
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
    """Whether a neighbor answers what is let through."""
    return is_loaded(MOTO.last) and bool(import_module(MOTO.ours).is_answering())


@contextmanager
def _entered(context: str, *args: object, of: tuple[Library, ...]) -> Iterator[None]:
    """Enter a context of our module about each library: now if it is loaded, else as soon as it is."""
    with ExitStack() as waiting, _Contexts() as contexts:
        for library in of:

            def enter(library: Library = library) -> None:
                contexts.enter(_context(library, context, *args))

            needs = (*library.needs, library.ours)
            waiting.enter_context(when_imported(library.last, enter, needs=needs))
        yield


def _context(library: Library, context: str, *args: object) -> AbstractContextManager[None]:
    try:
        made: AbstractContextManager[None] = getattr(import_module(library.ours), context)(*args)
    except (AttributeError, ImportError) as error:
        raise IncompatibleLibraryError(library.name, str(error)) from error
    return made


class _Contexts:
    """Contexts that are entered by whichever thread imports a library, and left together."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._lock = Lock()
        self._is_left = False

    def __enter__(self) -> _Contexts:
        return self

    def enter(self, context: AbstractContextManager[None]) -> None:
        """Enter a context, unless all have been left meanwhile."""
        with self._lock:
            if not self._is_left:
                self._stack.enter_context(context)

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._is_left = True
            self._stack.close()
