"""All intercepted libraries: every one passes the requests of an application to the same handler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from threading import Lock

from connect_batchmock.interception.import_hooks import is_loaded, when_imported
from connect_batchmock.interception.patches import IncompatibleLibraryError
from connect_batchmock.interception.sockets import refuse_connections, refuse_in_loops
from connect_batchmock.protocol.http import (
    AnsweredElsewhereCallback,
    ConnectionRefusal,
    Handler,
    RefusalHook,
    Request,
    Response,
)


@dataclass(frozen=True)
class Library:
    """A library that applications make API calls with.

    Args:
        module: the module of it to wait for.
        adapter: the module of this package that intercepts it, imported no earlier.
        needs: the modules of host libraries that the adapter imports beside it. None of them may be partially
            executed when the adapter is imported.
    """

    module: str
    adapter: str
    needs: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the distribution."""
        return self.module.partition(".")[0]


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
        "botocore.httpsession",
        "botocore.loaders",
        "botocore.model",
        "botocore.signers",
        "botocore.useragent",
        "botocore.utils",
    ),
)
AIOBOTOCORE = Library(
    "aiobotocore.session",
    "connect_batchmock.interception.aiobotocore",
    (
        *("aiobotocore.credentials", "aiobotocore.endpoint", "aiobotocore.signers"),
        *(BOTOCORE.module, *BOTOCORE.needs, BOTOCORE.adapter),
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
    ("moto.core.botocore_stubber", "botocore.compat", BOTOCORE.module, *BOTOCORE.needs, BOTOCORE.adapter),
)


@contextmanager
def intercept(
    handler: Handler, refuse_connection: ConnectionRefusal, answered_elsewhere: AnsweredElsewhereCallback
) -> Iterator[None]:
    """Pass each request to a mocked service to the handler, for every client, whenever it was made.

    Args:
        handler: answers a request, or returns None to send it.
        refuse_connection: raises for a host that a library without an adapter is about to connect to.
        answered_elsewhere: receives each request that something of the test itself answers.
    """
    with (
        _connections_refused(refuse_connection),
        _entered("intercept", handler, of=(BOTOCORE, AIOBOTOCORE, MOTO)),
        _entered("intercept", handler, answered_elsewhere, of=(REQUESTS,)),
    ):
        yield


@contextmanager
def refuse(refusal: RefusalHook, refuse_connection: ConnectionRefusal) -> Iterator[None]:
    """Pass each unanswered request to a mocked service, and each connection, to hooks that may refuse it.

    Args:
        refusal: raises for a request that must not be sent.
        refuse_connection: raises for a host that must not be connected to.
    """
    with (
        _connections_refused(refuse_connection),
        _entered("refuse", refusal, of=(BOTOCORE, AIOBOTOCORE, REQUESTS)),
    ):
        yield


@contextmanager
def _connections_refused(refusal: ConnectionRefusal) -> Iterator[None]:
    with refuse_connections(refusal), ExitStack() as waiting, _Contexts() as contexts:

        def enter() -> None:
            contexts.enter(refuse_in_loops(refusal))

        waiting.enter_context(when_imported("asyncio.base_events", enter))
        yield


@contextmanager
def no_credential_lookup() -> Iterator[None]:
    """Make every session return the mock's credentials, whatever its profile, without storing them."""
    with _entered("no_credential_lookup", of=(BOTOCORE, AIOBOTOCORE)):
        yield


def another_mock_answers() -> bool:
    """Whether another mock, such as moto, answers the requests that pass through."""
    return is_loaded(MOTO.module) and bool(import_module(MOTO.adapter).is_answering())


def answer_of_moto(request: Request) -> Response | None:
    """Return moto's response to a request, or None if moto is not active or does not answer it."""
    if not is_loaded(MOTO.module):
        return None
    response: Response | None = import_module(MOTO.adapter).answer(request)
    return response


@contextmanager
def _entered(context: str, *args: object, of: tuple[Library, ...]) -> Iterator[None]:
    """Enter a context of each library's adapter: now if the library is loaded, else as soon as it is."""
    with ExitStack() as waiting, _Contexts() as contexts:
        for library in of:

            def enter(library: Library = library) -> None:
                contexts.enter(_context(library, context, *args))

            needs = (*library.needs, library.adapter)
            waiting.enter_context(when_imported(library.module, enter, needs=needs))
        yield


def _context(library: Library, context: str, *args: object) -> AbstractContextManager[None]:
    try:
        entered: AbstractContextManager[None] = getattr(import_module(library.adapter), context)(*args)
    except (AttributeError, ImportError) as error:
        raise IncompatibleLibraryError(library.name, str(error)) from error
    return entered


class _Contexts:
    """Contexts that are entered in the thread that imports a library, and left together."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._lock = Lock()
        self._is_left = False

    def __enter__(self) -> _Contexts:
        return self

    def enter(self, context: AbstractContextManager[None]) -> None:
        """Enter a context, unless the others have been left already."""
        with self._lock:
            if not self._is_left:
                self._stack.enter_context(context)

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._is_left = True
            self._stack.close()
